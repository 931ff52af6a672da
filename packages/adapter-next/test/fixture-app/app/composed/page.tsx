import { cookies, headers } from 'next/headers'
import { getSession } from '../../lib/auth'

export default async function ComposedPage() {
  const session = await getSession()
  const names = [...(await cookies()).getAll()].map(({ name }) => name)
  return (
    <main>
      <p>session: {session?.identities.acme?.profile.name ?? 'nobody'};</p>
      <p>signed in: {(await headers()).get('x-signed-in') ?? 'nothing'};</p>
      <p>cookies: {names.join(' ')};</p>
    </main>
  )
}
