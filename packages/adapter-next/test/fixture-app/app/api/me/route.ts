import { route } from '../../../lib/auth'

export const GET = route({ session: {} }, (_request, { session }) => Response.json(session.identities))
