import type { Identity } from '@latchkey/core'
import { authTimeSourceText } from '../../src/content/auth-time-source.ts'
import { time } from '../../src/pages/time.ts'

/** Who the user is at one system, and when they authenticated there. */
export function IdentityCard({ name, identity }: { readonly name: string; readonly identity: Identity }) {
  const { provider, subject, tenant, authenticatedAt, authTimeSource, profile } = identity
  return (
    <section className={`card ${provider}`}>
      <h2>You at {name}</h2>
      <dl>
        <dt>Name</dt>
        <dd>{profile.name ?? 'not known'}</dd>
        {tenant !== undefined && (
          <>
            <dt>Tenant</dt>
            <dd>
              {tenant.name ?? 'not proven by name'} <code>{tenant.id}</code>
            </dd>
          </>
        )}
        <dt>Subject</dt>
        <dd>
          <code>{subject}</code>
        </dd>
        <dt>Authenticated</dt>
        <dd>{authenticatedAt === undefined ? 'not known' : time(authenticatedAt)}</dd>
        <dt>Based on</dt>
        <dd>{authTimeSourceText(authTimeSource)}</dd>
      </dl>
    </section>
  )
}
