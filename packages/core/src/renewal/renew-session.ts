import type { Renewal } from '../provider/contract.ts'
import { type Credentials, identityAt, personOf, type Seconds } from '../session/identity.ts'
import { sessionHistory } from '../session/session-history.ts'
import type { SessionRecord } from '../session/session-record.ts'
import type { Wiring } from '../wiring.ts'
import { renewCredentials } from './renew-credentials.ts'

/**
 * Renews what is due in a session. Where nothing is due no vendor is called, and the same record comes back.
 *
 * @returns The session as it is then. `ended` if its primary identity has ended; `outdated` if this is an old copy of a
 * session that has gone on: it is over for this copy alone.
 */
export async function renewSession(wiring: Wiring, record: SessionRecord): Promise<RenewedSession> {
  let renewed = record
  for (const [provider, credentials] of Object.entries(record.credentials)) {
    if (!isDue(credentials, wiring.clock())) continue
    const next = await renewIdentity(wiring, renewed, provider)
    if (typeof next === 'string') return next
    renewed = next
  }
  if (renewed !== record) sessionHistory.advance(renewed.id, renewed.generation)
  return renewed
}

/** See {@link renewSession}. */
export type RenewedSession = SessionRecord | 'ended' | 'outdated'

async function renewIdentity(wiring: Wiring, record: SessionRecord, provider: string): Promise<RenewedSession> {
  const renew = wiring.providers.get(provider)?.renew
  const identity = identityAt(record.identities, provider)
  const credentials = record.credentials[provider]
  if (renew === undefined || identity === undefined || credentials === undefined) return record
  const renewal = await renewCredentials(wiring, { provider, renew, credentials, identity })
  if (renewal === null) return record
  if (renewal.kind === 'renewed') return withRenewed(record, provider, renewal)
  // A cookie from before a renewal that this process made: its tokens are dead, the session is not.
  if (renewal.reason === 'superseded' || sessionHistory.isOutdated(record)) return 'outdated'
  wiring.emit(
    provider === record.primary
      ? { at: wiring.clock(), type: 'session.ended', provider, person: personOf(identity) }
      : { at: wiring.clock(), type: 'provider.identity_ended', provider, reason: renewal.reason },
    undefined,
  )
  return provider === record.primary ? 'ended' : without(record, provider)
}

function isDue({ refreshToken, renewAt }: Credentials, now: Seconds): boolean {
  return refreshToken !== undefined && renewAt !== undefined && renewAt <= now
}

function withRenewed(
  record: SessionRecord,
  provider: string,
  { credentials, profile }: Extract<Renewal, { kind: 'renewed' }>,
): SessionRecord {
  const identity = identityAt(record.identities, provider)
  return {
    ...record,
    generation: record.generation + 1,
    credentials: { ...record.credentials, [provider]: credentials },
    ...(identity === undefined || profile === undefined
      ? {}
      : { identities: { ...record.identities, [provider]: { ...identity, profile } } }),
  }
}

function without(record: SessionRecord, provider: string): SessionRecord {
  const { [provider]: _identity, ...identities } = record.identities
  const { [provider]: _credentials, ...credentials } = record.credentials
  return { ...record, generation: record.generation + 1, identities, credentials }
}
