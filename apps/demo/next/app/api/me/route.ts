import { route } from '../../../lib/auth.ts'
import { followed } from '../../../lib/follow.ts'

export const GET = followed(route({ session: {} }, (_request, { session }) => Response.json(session)))
