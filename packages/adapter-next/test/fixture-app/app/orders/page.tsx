import { getAccessToken, requireSession } from '../../lib/auth'
import { order } from './actions'

export default async function OrdersPage() {
  const { user } = await requireSession({}, { returnTo: '/orders' })
  const token = await getAccessToken('acme')
  return (
    <form action={order}>
      <p>{`${user.profile.name}: token ${/-\d+$/.test(token) ? 'refreshed' : 'as it was'}`}</p>
      <button type="submit">Order</button>
    </form>
  )
}
