import { fiveLines } from '../../src/content/five-lines.ts'
import { demo } from '../lib/auth.ts'

/**
 * Sign-in at a tenant of the user's choice. Links: a form would need the host of every tenant in the page's
 * `form-action`. Plain ones: Next's own would prefetch.
 */
export function WristbandCard({ returnTo = '/' }: { readonly returnTo?: string }) {
  return (
    <section className="card wristband">
      <h2>Wristband</h2>
      <p>Signs you in at your company. Each tenant has its own login: choose yours.</p>
      <p className="choices">
        {demo().environment.wristband.tenants.map((tenant) => (
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

/** Sign-in with any OpenID provider, and all that it takes; nothing where none is configured. */
export function OpenIdCard() {
  const { oidc } = demo().environment
  if (oidc === null) return null
  return (
    <section className="card oidc">
      <h2>Any OpenID provider</h2>
      <p>Five lines of configuration:</p>
      <pre>
        <code>{fiveLines(oidc.issuer)}</code>
      </pre>
      <p className="choices">
        <a className="button" href="/auth/oidc/login?return_url=%2F">
          Sign in with OpenID
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
        <p>
          Payroll requires a Wink authentication within the last five minutes. The reports API requires an access token.
        </p>
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
        <p>
          Ends this session, and your sign-on at the other systems. “Everywhere” ends your sessions in all browsers.
        </p>
        <div className="choices">
          <form action="/auth/logout" method="post">
            <button type="submit" className="quiet">
              Sign out
            </button>
          </form>
          <form action="/auth/logout" method="post">
            <input type="hidden" name="everywhere" value="yes" />
            <button type="submit" className="quiet">
              Sign out everywhere
            </button>
          </form>
        </div>
      </section>
    </>
  )
}

/** What works without a session. */
export function MachinesCard() {
  return (
    <section className="card">
      <h2>Machines</h2>
      <p>An API accepts the access tokens of users and of the application itself.</p>
      <p className="choices">
        <a className="button quiet" href="/reports">
          Call the API
        </a>
      </p>
    </section>
  )
}
