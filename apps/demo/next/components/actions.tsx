import type { Session } from '@latchkey/core'
import { signOutEverywherePath } from '../../src/sign-out-everywhere.ts'
import { demo } from '../lib/auth.ts'

/**
 * Sign-in at a tenant of the user's choice. Links, for a form would need every tenant's host in the page's
 * `form-action`; and plain ones, for Next's own would prefetch.
 */
export function WristbandCard({ returnTo = '/' }: { readonly returnTo?: string }) {
  return (
    <section className="card wristband">
      <h2>Wristband</h2>
      <p>Signs you in at your company. Each tenant has a login of its own: choose yours.</p>
      <p className="choices">
        {demo().tenants.map((tenant) => (
          <a
            className="button"
            key={tenant}
            href={`/auth/wristband/login?${new URLSearchParams({ tenant_name: tenant, return_url: returnTo })}`}
          >
            Sign in at {tenant}
          </a>
        ))}
      </p>
    </section>
  )
}

/** Sign-in or step-up with Wink. */
export function WinkCard({ session }: { readonly session: Session | null }) {
  return (
    <section className="card wink">
      <h2>Wink</h2>
      <p>
        Knows you by your face, voice or palm.{' '}
        {session !== null && 'It proves that you are still the one who signed in.'}
      </p>
      <p className="choices">
        <a className="button" href="/auth/wink/login?return_url=%2F">
          {session === null ? 'Sign in' : 'Step up'} with Wink
        </a>
      </p>
    </section>
  )
}

/** What a signed-in user can do next. */
export function ActionCards() {
  return (
    <>
      <section className="card">
        <h2>Payroll and reports</h2>
        <p>Payroll opens if Wink has seen you within five minutes. Reports are for whoever has an access token.</p>
        <p className="choices">
          <a className="button" href="/payroll">
            Open payroll
          </a>
          <a className="button quiet" href="/reports">
            Call the API
          </a>
        </p>
      </section>
      <section className="card wise">
        <h2>Wise</h2>
        <p>Your learning platform. The app signs a URL, and you arrive there signed in.</p>
        <form className="choices" action="/auth/wise/launch" method="post">
          <button type="submit">Open Wise</button>
        </form>
      </section>
      <section className="card">
        <h2>Sign out</h2>
        <p>Ends the session here, at Wristband and at Wink; or every session that is yours, in any browser.</p>
        <div className="choices">
          <form action="/auth/logout" method="post">
            <button type="submit" className="quiet">
              Sign out
            </button>
          </form>
          <form action={signOutEverywherePath} method="post">
            <button type="submit" className="quiet">
              Sign out everywhere
            </button>
          </form>
        </div>
      </section>
    </>
  )
}

/** What needs nobody to be signed in. */
export function MachinesCard() {
  return (
    <section className="card">
      <h2>Machines</h2>
      <p>An API takes access tokens: of users, and of the application itself.</p>
      <p className="choices">
        <a className="button quiet" href="/reports">
          Call the API
        </a>
      </p>
    </section>
  )
}
