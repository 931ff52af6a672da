import { route } from '../../../lib/auth.ts'

export const GET = route({ session: {} }, (_request, { grant }) => Response.json(grant.session))
