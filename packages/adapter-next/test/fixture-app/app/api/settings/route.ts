import { getAccessToken, getSession, route, updateSession } from '../../../lib/auth'

/** Everything that changes the session, in one answer. */
export const POST = route({ session: {} }, async () => {
  await getAccessToken('acme')
  await updateSession({ theme: 'dark' })
  await updateSession({ font: 'serif' })
  return Response.json((await getSession())?.data)
})
