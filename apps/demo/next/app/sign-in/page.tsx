import { WristbandCard } from '../../components/actions.tsx'
import { WinkCard } from '../../components/wink-card.tsx'
import { type PageProps, parameter } from '../../lib/query.ts'

export const metadata = { title: 'Sign in' }

export default async function SignIn(props: PageProps) {
  const code = (await parameter(props, 'code')) ?? ''
  const returnTo = (await parameter(props, 'return_url')) ?? '/'
  if (code === 'auth/step_up_required') {
    return (
      <>
        <h1>Step up</h1>
        <p className="lead">
          This page requires a recent authentication with Wink (<code>{code}</code>).
        </p>
        <div className="cards">
          <WinkCard verb="Step up" returnTo={returnTo} />
        </div>
      </>
    )
  }
  return (
    <>
      <h1>Sign in</h1>
      <p className="lead">
        This page is for users who are signed in (<code>{code}</code>).
      </p>
      <WristbandCard returnTo={returnTo} />
    </>
  )
}
