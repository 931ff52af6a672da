import { getSession } from '../../lib/auth'

export default async function OpenPage() {
  const session = await getSession()
  return <main>Hello, {session?.identities.acme?.profile.name ?? 'whoever you are'}.</main>
}
