import type { Identity } from '@latchkey/core'
import { evidenceSentence } from '../../src/content/authTimeSource.ts'
import { time } from '../../src/pages/time.ts'

/** Who the user is to one system, and by what authTimeSource. */
export function IdentityCard({ name, identity }: { readonly name: string; readonly identity: Identity }) {
  const { provider, subject, tenant, authenticatedAt, authTimeSource, profile } = identity
  return (
    <section className={`card ${provider}`}>
      <h2>You, as {name} knows you</h2>
      <dl>
        <dt>Name</dt>
        <dd>{profile.name ?? 'not told'}</dd>
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
        <dt>Proved at</dt>
        <dd>{authenticatedAt === undefined ? 'not known' : time(authenticatedAt)}</dd>
        <dt>AuthTimeSource</dt>
        <dd>{evidenceSentence(authTimeSource)}</dd>
      </dl>
    </section>
  )
}
