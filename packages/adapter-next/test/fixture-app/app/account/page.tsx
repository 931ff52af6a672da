import { requireSession } from '../../lib/auth'
import { rename } from './actions'
import { Profile } from './profile'

export default async function AccountPage() {
  const session = await requireSession({}, { returnTo: '/account' })
  return (
    <main>
      <h1>protected-marker</h1>
      <Profile session={session} />
      <form action={rename}>
        <input name="name" defaultValue="Countess" />
        <button type="submit">Rename</button>
      </form>
      <form action="/auth/logout" method="post">
        <button type="submit">Sign out</button>
      </form>
    </main>
  )
}
