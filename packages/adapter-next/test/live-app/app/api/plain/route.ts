import { route } from '../../../lib/auth'

export const GET = route({ session: { maxAuthAgeSeconds: 300 } }, (_request, { session }) => Response.json(session))

export const POST = route({ session: {}, bearer: {} }, async (request, { auth }) =>
  Response.json({ kind: auth.kind, body: await request.text() }),
)
