import { route } from '../../../lib/auth'

export const GET = route({ session: {}, bearer: {} }, (_request, { auth }) => Response.json({ kind: auth.kind }))
