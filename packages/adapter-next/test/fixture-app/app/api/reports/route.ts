import { route } from '../../../lib/auth'

export const GET = route({ session: {}, bearer: {} }, (_request, { grant }) => Response.json({ kind: grant.kind }))
