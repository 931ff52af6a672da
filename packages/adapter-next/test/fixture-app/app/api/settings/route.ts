import { getAccessToken, getSession, route, updateSession } from '../../../lib/auth'

/** Everything that changes the session, in one answer. */
const everything = route({ session: {} }, async () => {
  await getAccessToken('acme')
  await updateSession({ theme: 'dark' })
  await updateSession({ font: 'serif' })
  return Response.json((await getSession())?.data)
})

export const GET = everything
export const POST = everything
