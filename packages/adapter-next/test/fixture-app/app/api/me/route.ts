import { route } from '../../../lib/auth'

export const GET = route({ session: {} }, (_request, { grant }) => Response.json(grant.session.identities))
