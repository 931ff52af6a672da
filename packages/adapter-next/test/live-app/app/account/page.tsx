import { requireSession } from '../../lib/auth'
import { placeOf } from '../../lib/place'
import { touch } from './actions'

export default async function AccountPage() {
  const { user } = await requireSession({}, { returnTo: placeOf('/account') })
  return (
    <main>
      <p>{`account of ${user.subject}: ${user.profile.name}`}</p>
      <form action={touch}>
        <button type="submit">Touch</button>
      </form>
    </main>
  )
}
