import type { SessionGrant } from '../auth.ts'
import { coreError } from '../errors/core-errors.ts'
import { openExchange, refreshExchange } from '../exchange.ts'
import type { JsonObject } from '../json.ts'
import type { Incoming } from '../request/incoming.ts'
import type { SessionData } from '../session/session.ts'
import { sessionOf } from '../session/session-record.ts'
import type { Wiring } from '../wiring.ts'
import { withHeaders } from './read-session.ts'

/** Changes the app's own data in the session of a request. */
export async function updateSession(
  wiring: Wiring,
  incoming: Incoming,
  data: Partial<SessionData>,
): Promise<SessionGrant> {
  const exchange = await openExchange(wiring, incoming, undefined)
  await refreshExchange(wiring, exchange)
  const before = exchange.record
  if (before === null) throw coreError('auth/session_required')
  const record = await wiring.sessions.update(exchange.cookies, before, (present) => ({
    ...present,
    generation: present.generation + 1,
    data: { ...present.data, ...(data as JsonObject) },
  }))
  if (record === null) throw coreError('auth/session_required')
  return withHeaders({ kind: 'session' as const, session: sessionOf(record) }, exchange)
}
