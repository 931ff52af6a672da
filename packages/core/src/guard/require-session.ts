import type { Auth, SessionGrant } from '../auth.ts'
import { isAuthError } from '../errors/auth-error.ts'
import type { Incoming } from '../request/incoming.ts'
import { checkOwnPage, isUnsafe } from '../request/request-source.ts'
import { exchangeHeaders, openExchange } from '../routes/exchange.ts'
import type { Wiring } from '../routes/wiring.ts'
import { sessionOf } from '../session/session-record.ts'
import { checkRequirement, meetRequirement, type SessionRequirement } from './requirement.ts'

/** Reads the session of a request and, where headers can still be set, prolongs it when half its idle time is gone. */
export async function readSession(
  wiring: Wiring,
  incoming: Incoming,
  writable: boolean,
): Promise<Awaited<ReturnType<Auth['read']>>> {
  const exchange = await openExchange(wiring, incoming, undefined)
  const { record, cookies } = exchange
  if (record !== null && writable && wiring.sessions.isDueForWriting(record)) {
    await wiring.sessions.write(cookies, record)
  }
  return { session: record === null ? null : sessionOf(record), headers: exchangeHeaders(exchange) }
}

/** Reads the session of a request and refuses the request if the session does not meet the requirement. */
export async function requireSession(
  wiring: Wiring,
  incoming: Incoming,
  { requirement: given, writable }: { readonly requirement: SessionRequirement; readonly writable: boolean },
): Promise<SessionGrant> {
  const requirement = checkRequirement(given, [...wiring.providers.keys()])
  if (isUnsafe(incoming.method) && requirement.crossOrigin !== 'allow') {
    const { origin } = wiring.origins.resolve()
    checkOwnPage(incoming, { origin, trustedOrigins: wiring.trustedOrigins })
  }
  const { session, headers } = await readSession(wiring, incoming, writable)
  try {
    meetRequirement(session, requirement, wiring.clock())
  } catch (error) {
    if (isAuthError(error) && error.code === 'auth/step_up_required') {
      wiring.emit({ at: wiring.clock(), type: 'step_up.required', code: error.code }, undefined)
    }
    throw error
  }
  return { kind: 'session', session, headers }
}
