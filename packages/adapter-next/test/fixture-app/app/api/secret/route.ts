import { route } from '../../../lib/auth'

export const GET = route({ session: {} }, () => new Response('protected-marker'))

export const POST = route({ session: { maxAuthAgeSeconds: 300 } }, async (request) =>
  Response.json({ saved: await request.text() }),
)
