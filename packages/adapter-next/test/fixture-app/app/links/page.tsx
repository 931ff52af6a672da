import Link from 'next/link'
import { leave, whoAmI } from './actions'
import { WhoAmI } from './who-am-i'

export default function LinksPage() {
  return (
    <main>
      <Link href="/auth/acme/login?return_url=%2Faccount">Sign in by link</Link>
      <form action={leave}>
        <button type="submit">Sign in by action</button>
      </form>
      <WhoAmI ask={whoAmI} />
      <Link href="/account">Account</Link>
    </main>
  )
}
