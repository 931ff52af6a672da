import { AuthError } from '../errors/auth-error.ts'
import { asAuthError } from '../errors/core-errors.ts'
import type { AuthEvent } from '../model/event.ts'
import { type Credentials, type Identity, identityAt, personOf } from '../model/identity.ts'
import type { JsonObject } from '../model/json.ts'
import type { Seconds } from '../model/time.ts'
import type { MountedProvider, Renewal } from '../provider/contract.ts'
import type { Vault } from '../vault/vault.ts'
import type { SessionChange, SessionRecord } from './record.ts'
import { retryTimes, spentTokens } from './refresh-memory.ts'
import { sessionHistory } from './revocation.ts'

/**
 * Renews what is due in a session. Where nothing is due no vendor is called.
 *
 * @returns What is to change in the session; null for nothing. `ended` if its primary identity has ended; `outdated` if
 * this is an old copy of a session that has gone on: it is over for this copy alone.
 */
export async function renewSession(scope: RefreshScope, record: SessionRecord): Promise<SessionRenewal> {
  const changes: SessionChange[] = []
  for (const [provider, credentials] of Object.entries(record.credentials)) {
    if (!isDue(credentials, scope.clock())) continue
    const renewal = await renewIdentity(scope, record, { provider, credentials })
    if (typeof renewal === 'string') return renewal
    if (renewal !== null) changes.push(renewal)
  }
  return changes.length === 0 ? null : (present) => changes.reduce((before, change) => change(before), present)
}

/** What a refresh needs of its auth. */
export interface RefreshScope {
  readonly vault: Vault
  readonly providers: ReadonlyMap<string, MountedProvider>
  readonly clock: () => Seconds
  emit(event: AuthEvent, native: unknown): void
}

/** See {@link renewSession}. */
export type SessionRenewal = SessionChange | 'ended' | 'outdated' | null

interface Due {
  readonly provider: string
  readonly credentials: Credentials
}

async function renewIdentity(scope: RefreshScope, record: SessionRecord, due: Due): Promise<SessionRenewal> {
  const { provider, credentials } = due
  const renew = scope.providers.get(provider)?.renew
  const identity = identityAt(record.identities, provider)
  if (renew === undefined || identity === undefined) return null
  const wasOutdated = sessionHistory.isOutdated(record)
  const onEnd = (reason: string): void => {
    if (!wasOutdated) reportEnd(scope, record, { identity, reason })
  }
  const renewal = await renewCredentials(scope, { provider, renew, credentials, identity, onEnd })
  if (renewal === null) return null
  if (renewal.kind === 'renewed') return ifStillHeld(due, (present) => withRenewed(present, provider, renewal))
  // A cookie from before a renewal that this process made: its tokens are dead, the session is not. Or it was signed out
  // meanwhile: then the browser may have a new one.
  if (renewal.reason === 'superseded' || wasOutdated || sessionHistory.hasEnded(record.id)) return 'outdated'
  return provider === record.primary ? 'ended' : ifStillHeld(due, (present) => without(present, provider))
}

function reportEnd(
  scope: RefreshScope,
  { primary }: SessionRecord,
  { identity, reason }: { readonly identity: Identity; readonly reason: string },
): void {
  const { provider } = identity
  const event =
    provider === primary
      ? { at: scope.clock(), type: 'session.ended' as const, provider, person: personOf(identity) }
      : { at: scope.clock(), type: 'provider.identity_ended' as const, provider, reason }
  scope.emit(event, undefined)
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

/** How long requests that come late, with tokens that have been renewed, get the new ones. */
const lateSeconds = 30

/** What a token must have left to be used while another request renews it: with less it could end on the way. */
const leastSeconds = 5

/** What is to be renewed. */
export interface DueCredentials {
  readonly provider: string
  readonly renew: NonNullable<MountedProvider['renew']>
  readonly credentials: Credentials
  readonly identity: Identity
  /** Told, once for all requests that wait, when the vendor has ended the identity. */
  onEnd(reason: string): void
}

/**
 * Renews tokens that are due, once for all requests that hold them. Null where nothing changed: the vendor failed, or
 * the token is still good and another request is at it already.
 */
async function renewCredentials(
  scope: RefreshScope,
  due: DueCredentials,
): Promise<Exclude<Renewal, { kind: 'failed' }> | null> {
  const { provider, credentials } = due
  const key = await scope.vault.mac('renewal', `${provider} ${credentials.refreshToken ?? ''}`)
  const isGood = credentials.expiresAt !== undefined && credentials.expiresAt >= scope.clock() + leastSeconds
  if (retryTimes.mustWait(key, scope.clock())) return null
  try {
    const work = (): Promise<JsonObject> => renewOnce(scope, due, key)
    // A request whose token is still good goes on with it while another renews it.
    const busy = isGood ? 'fail' : 'wait'
    // Where a vendor lets a refresh token stay the same, what is due next is another renewal.
    const round = `renewal ${key} ${credentials.renewAt ?? ''}`
    return (await scope.vault.once(round, { lifetime: lateSeconds, busy, work })) as unknown as Exclude<
      Renewal,
      { kind: 'failed' }
    >
  } catch {
    return null
  }
}

async function renewOnce(scope: RefreshScope, due: DueCredentials, key: string): Promise<JsonObject> {
  if (spentTokens.has(key)) return { kind: 'ended', reason: 'superseded' }
  const { provider, renew, credentials, identity } = due
  const renewal = await renew(credentials, identity).catch(asFailure)
  const at = scope.clock()
  if (renewal.kind === 'failed') {
    retryTimes.failed(key, at, renewal.retryAfterSeconds)
    scope.emit({ at, type: 'provider.renewal_failed', provider, code: renewal.code }, undefined)
    // Thrown, so that the result is shared by those who wait and then forgotten.
    throw new AuthError(renewal.code, { status: 503, hint: 'The vendor failed; it is tried again after a pause.' })
  }
  retryTimes.succeeded(key)
  if (renewal.kind === 'ended') due.onEnd(renewal.reason)
  if (renewal.kind === 'renewed') {
    if (renewal.credentials.refreshToken !== credentials.refreshToken) spentTokens.add(key)
    scope.emit({ at, type: 'session.renewed', provider }, undefined)
  }
  return renewal as unknown as JsonObject
}

function asFailure(error: unknown): Extract<Renewal, { kind: 'failed' }> {
  return { kind: 'failed', code: asAuthError(error).code }
}
