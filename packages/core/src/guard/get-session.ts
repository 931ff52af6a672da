import type { Wiring } from '../context/auth-context.ts'
import { openExchange, refreshExchange, withHeaders } from '../context/request-session.ts'
import { coreError } from '../errors/core-errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { SessionData } from '../model/session.ts'
import type { Incoming } from '../request/request-like.ts'
import { sessionOf } from '../session/record.ts'
import type { CredentialsReading, SessionGrant, SessionReading } from './results.ts'

/** Reads the session of a request; where headers can still be set, renews and prolongs what is due. */
export async function readSession(wiring: Wiring, incoming: Incoming, writable: boolean): Promise<SessionReading> {
  const exchange = await openExchange(wiring, incoming, undefined)
  if (writable) await refreshExchange(wiring, exchange)
  const session = exchange.record === null ? null : sessionOf(exchange.record)
  return withHeaders({ session }, exchange)
}

/** The tokens of one provider in the session of a request, renewed if they are due and headers can still be set. */
export async function readCredentials(
  wiring: Wiring,
  incoming: Incoming,
  { provider, writable }: { readonly provider: string; readonly writable: boolean },
): Promise<CredentialsReading> {
  const exchange = await openExchange(wiring, incoming, undefined)
  if (writable) await refreshExchange(wiring, exchange)
  const cause = { cause: { provider } }
  if (exchange.record === null) throw coreError('auth/session_required', cause)
  const credentials = exchange.record.credentials[provider]
  if (credentials === undefined) throw coreError('auth/credentials_missing', cause)
  if (credentials.expiresAt !== undefined && credentials.expiresAt <= wiring.clock()) {
    throw coreError('auth/credentials_unavailable', cause)
  }
  return withHeaders({ credentials }, exchange)
}

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
