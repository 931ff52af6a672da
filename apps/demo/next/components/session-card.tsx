import type { Session } from '@latchkey/core'
import type { Step } from '../../src/backstage/step.ts'
import { keepingNames } from '../../src/content/keeping.ts'
import { halfAnHourLater } from '../../src/content/troubles.ts'
import { originAt } from '../../src/framework.ts'
import { canPassTime } from '../../src/make-trouble.ts'
import { time } from '../../src/pages/time.ts'
import { demo } from '../lib/auth.ts'
import { Countdown } from './countdown.tsx'

/** The live facts of the session, and where else it is alive. */
export function SessionCard({ session, steps }: { readonly session: Session; readonly steps: readonly Step[] }) {
  const { framework, keeping, clock, environment } = demo()
  const refreshed = steps.findLast((step) => step.kind === 'event' && step.type === 'session.refreshed')
  return (
    <section className="card">
      <h2>This session</h2>
      <dl>
        <dt>Read by</dt>
        <dd>
          {framework}, and just as well by <a href={`${originAt(environment.ports.Fastify)}/`}>Fastify</a> and{' '}
          <a href={`${originAt(environment.ports.Nest)}/`}>Nest</a>
        </dd>
        <dt>Ends in</dt>
        <dd>
          <Countdown seconds={session.expiresAt - clock()} />, if nothing more is heard of you
        </dd>
        <dt>Last refresh</dt>
        <dd>
          {refresh === undefined ? 'none was due yet' : `${new Date(refreshed.at).toISOString().slice(11, 19)} UTC`}
        </dd>
        <dt>Began</dt>
        <dd>{time(session.createdAt)}</dd>
        <dt>Id</dt>
        <dd>
          <code>{session.id}</code>
        </dd>
        <dt>Kept</dt>
        <dd>{keepingNames[keeping]}</dd>
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
