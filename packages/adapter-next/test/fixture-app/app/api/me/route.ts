import { route } from '../../../lib/auth'

export const GET = route({ session: {} }, (_request, { grant }) =>
  Response.json({ marker: 'protected-marker', person: grant.session.identities.acme }),
)

export const POST = route({ session: { maxAgeSeconds: 300 } }, async (request) =>
  Response.json({ saved: await request.text() }),
)
