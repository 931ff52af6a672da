import type { Session } from '@latchkey/core'
import { storageNames } from '../../src/content/session-storage.ts'
import { halfAnHourLater } from '../../src/content/troubles.ts'
import { originAt } from '../../src/framework.ts'
import { canPassTime } from '../../src/make-trouble.ts'
import { time } from '../../src/pages/time.ts'
import { demo } from '../lib/auth.ts'
import { Countdown } from './countdown.tsx'

/** The facts of the session, and where else it can be used. */
export function SessionCard({ session }: { readonly session: Session }) {
  const { framework, sessionStorage, clock, environment } = demo()
  const { createdAt, expiresAt, refreshedAt, id, data } = session
  return (
    <section className="card">
      <h2>This session</h2>
      <dl>
        <dt>Read by</dt>
        <dd>
          {framework}. It also works on <a href={`${originAt(environment.ports.Fastify)}/`}>Fastify</a> and{' '}
          <a href={`${originAt(environment.ports.Nest)}/`}>Nest</a>
        </dd>
        <dt>Ends in</dt>
        <dd>
          <Countdown seconds={expiresAt - clock()} />, unless you use it before
        </dd>
        <dt>Last refresh</dt>
        <dd>{refreshedAt === undefined ? 'none was due yet' : time(refreshedAt)}</dd>
        <dt>Started</dt>
        <dd>
          {time(createdAt)}
          {data.startedOn !== undefined && ` on ${data.startedOn}`}
        </dd>
        <dt>Id</dt>
        <dd>
          <code>{id}</code>
        </dd>
        <dt>Kept</dt>
        <dd>{storageNames[sessionStorage]}</dd>
      </dl>
      {canPassTime(demo()) && (
        <form action={`/trouble/${halfAnHourLater.name}`} method="post">
          <button type="submit" className="quiet">
            {halfAnHourLater.title}
          </button>
        </form>
      )}
    </section>
  )
}
