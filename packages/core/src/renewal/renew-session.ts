import type { Renewal } from '../provider/contract.ts'
import { type Credentials, type Identity, identityAt, personOf, type Seconds } from '../session/identity.ts'
import { sessionHistory } from '../session/session-history.ts'
import type { SessionChange } from '../session/session-keeper.ts'
import type { SessionRecord } from '../session/session-record.ts'
import type { Wiring } from '../wiring.ts'
import { renewCredentials } from './renew-credentials.ts'

/**
 * Renews what is due in a session. Where nothing is due no vendor is called.
 *
 * @returns What is to change in the session; null for nothing. `ended` if its primary identity has ended; `outdated` if
 * this is an old copy of a session that has gone on: it is over for this copy alone.
 */
export async function renewSession(wiring: Wiring, record: SessionRecord): Promise<SessionRenewal> {
  const changes: SessionChange[] = []
  for (const [provider, credentials] of Object.entries(record.credentials)) {
    if (!isDue(credentials, wiring.clock())) continue
    const renewal = await renewIdentity(wiring, record, { provider, credentials })
    if (typeof renewal === 'string') return renewal
    if (renewal !== null) changes.push(renewal)
  }
  return changes.length === 0 ? null : (present) => changes.reduce((before, change) => change(before), present)
}

/** See {@link renewSession}. */
export type SessionRenewal = SessionChange | 'ended' | 'outdated' | null

interface Due {
  readonly provider: string
  readonly credentials: Credentials
}

async function renewIdentity(wiring: Wiring, record: SessionRecord, due: Due): Promise<SessionRenewal> {
  const { provider, credentials } = due
  const renew = wiring.providers.get(provider)?.renew
  const identity = identityAt(record.identities, provider)
  if (renew === undefined || identity === undefined) return null
  const wasOutdated = sessionHistory.isOutdated(record)
  const onEnd = (reason: string): void => {
    if (!wasOutdated) reportEnd(wiring, record, { identity, reason })
  }
  const renewal = await renewCredentials(wiring, { provider, renew, credentials, identity, onEnd })
  if (renewal === null) return null
  if (renewal.kind === 'renewed') return ifStillHeld(due, (present) => withRenewed(present, provider, renewal))
  // A cookie from before a renewal that this process made: its tokens are dead, the session is not. Or it was signed out
  // meanwhile: then the browser may have a new one.
  if (renewal.reason === 'superseded' || wasOutdated || sessionHistory.hasEnded(record.id)) return 'outdated'
  return provider === record.primary ? 'ended' : ifStillHeld(due, (present) => without(present, provider))
}

function reportEnd(
  wiring: Wiring,
  { primary }: SessionRecord,
  { identity, reason }: { readonly identity: Identity; readonly reason: string },
): void {
  const { provider } = identity
  const event =
    provider === primary
      ? { at: wiring.clock(), type: 'session.ended' as const, provider, person: personOf(identity) }
      : { at: wiring.clock(), type: 'provider.identity_ended' as const, provider, reason }
  wiring.emit(event, undefined)
}

function isDue({ refreshToken, renewAt }: Credentials, now: Seconds): boolean {
  return refreshToken !== undefined && renewAt !== undefined && renewAt <= now
}

/** Leaves a session alone that another request has renewed meanwhile. */
function ifStillHeld({ provider, credentials }: Due, change: SessionChange): SessionChange {
  return (present) =>
    present.credentials[provider]?.refreshToken === credentials.refreshToken ? change(present) : present
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
