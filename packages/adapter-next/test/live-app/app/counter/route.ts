import { route, updateSession } from '../../lib/auth'

/** A route handler that users open as a page, and that changes the session. */
export const GET = route({ session: {} }, async (_request, { session }) => {
  const { user, data } = await updateSession({ visits: (session.data.visits ?? 0) + 1 })
  return new Response(`${user.profile.name}: ${data.visits} visits`)
})
