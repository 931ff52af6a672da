import { getAccessToken, requireSession, updateSession } from '../../lib/auth'

async function forget() {
  'use server'
  await updateSession({})
}

export default async function AccountPage() {
  const { user } = await requireSession({}, { returnTo: '/account' })
  return (
    <form action={forget}>
      {user.subject} {(await getAccessToken('acme')).length}
    </form>
  )
}
