import { getAccessToken, getSession, updateSession } from '../../../lib/auth'

/** A route handler that asks by itself. */
export async function POST() {
  const token = await getAccessToken('acme')
  await updateSession({ theme: 'dark' })
  await updateSession({ font: 'serif' })
  return Response.json({ refreshed: /-\d+$/.test(token), data: (await getSession())?.data })
}
