import { route } from '../../../lib/auth'

export const GET = route({ session: {} }, ({ nextUrl }, { session }) =>
  Response.json({ subject: session.user.subject, query: nextUrl.searchParams.get('at') }),
)
