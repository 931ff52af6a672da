import { AuthError } from '../errors/auth-error.ts'
import { asAuthError } from '../errors/core-errors.ts'
import type { AuthEvent } from '../model/event.ts'
import { type Identity, identityAt, memberAt, type Tokens, userKey } from '../model/identity.ts'
import type { JsonObject } from '../model/json.ts'
import type { Seconds } from '../model/time.ts'
import type { MountedProvider, RefreshResult } from '../provider/contract.ts'
import type { Vault } from '../vault/vault.ts'
import { tokenOutlines } from './packed-record.ts'
import { type SessionChange, type SessionRecord, withoutProvider } from './record.ts'
import { retryTimes, spentTokens } from './refresh-memory.ts'
import { sessionHistory } from './session-history.ts'

/** Whether tokens of a session are due for a refresh. */
export function hasDueTokens(record: SessionRecord, now: Seconds): boolean {
  return Object.values(tokenOutlines(record)).some((tokens) => isDue(tokens, now))
}

/**
 * Refreshes what is due in a session. Where nothing is due no vendor is called.
 *
 * @returns What is to change in the session; null for nothing. `ended` if the identity of its user has ended; `outdated` if
 * this is an old copy of a session that has gone on: it is over for this copy alone.
 */
export async function refreshSession(scope: RefreshScope, record: SessionRecord): Promise<SessionRefresh> {
  const changes: SessionChange[] = []
  for (const [provider, tokens] of Object.entries(record.tokens)) {
    if (!isDue(tokens, scope.clock())) continue
    const refreshed = await refreshIdentity(scope, record, { provider, tokens })
    if (typeof refreshed === 'string') return refreshed
    if (refreshed !== null) changes.push(refreshed)
  }
  return changes.length === 0 ? null : (present) => changes.reduce((before, change) => change(before), present)
}

/** The same change with the profiles as they were: for a session that has no room for the new ones. */
export function keepingProfiles(change: SessionChange): SessionChange {
  return (present) => {
    const changed = change(present)
    const identities = Object.entries(changed.identities).map(([name, identity]) => {
      const { profile } = identityAt(present.identities, name) ?? identity
      return [name, { ...identity, profile }] as const
    })
    return { ...changed, identities: Object.fromEntries(identities) }
  }
}

/** The same change without the tokens that it would write: for a session that has no room for them. */
export function droppingTokens(change: SessionChange): SessionChange {
  const changeProfiles = keepingProfiles(change)
  return (present) => {
    const changed = changeProfiles(present)
    const tokens = Object.entries(changed.tokens).filter(([name, held]) => held === memberAt(present.tokens, name))
    return { ...changed, tokens: Object.fromEntries(tokens) }
  }
}

/** What a refresh needs of its auth. */
export interface RefreshScope {
  readonly vault: Vault
  readonly providers: ReadonlyMap<string, MountedProvider>
  readonly clock: () => Seconds
  emit(event: AuthEvent, frameworkRequest: unknown): void
}

/** See {@link refreshSession}. */
export type SessionRefresh = SessionChange | 'ended' | 'outdated' | null

interface Due {
  readonly provider: string
  readonly tokens: Tokens
}

async function refreshIdentity(scope: RefreshScope, record: SessionRecord, due: Due): Promise<SessionRefresh> {
  const { provider, tokens } = due
  const refresh = scope.providers.get(provider)?.refresh
  const identity = identityAt(record.identities, provider)
  if (refresh === undefined || identity === undefined) return null
  const wasOutdated = sessionHistory.isOutdated(record)
  const onEnd = (reason: string): void => {
    if (!wasOutdated) reportEnd(scope, record, { identity, reason })
  }
  const refreshed = await refreshTokensOnce(scope, { provider, refresh, tokens, identity, onEnd })
  if (refreshed === null) return null
  if (refreshed.kind === 'refreshed') return ifStillHeld(due, withRefreshed(provider, refreshed))
  const isOfUser = provider === record.userProvider
  // A cookie from before a refresh that this process made: its tokens are dead, the session is not. Or it was signed out
  // meanwhile: then the browser may have a new one.
  if (wasOutdated || sessionHistory.hasEnded(record.id)) {
    if (refreshed.reason === 'superseded') await reportLost(scope, record, due)
    return 'outdated'
  }
  // Here the new tokens were lost when they were to be written: only what they were of is over.
  if (refreshed.reason === 'superseded') {
    await reportLost(scope, record, due)
    if (isOfUser) return 'outdated'
  } else if (isOfUser) return 'ended'
  return ifStillHeld(due, (present) => withoutProvider(present, provider))
}

function reportEnd(
  scope: RefreshScope,
  { userProvider }: SessionRecord,
  { identity, reason }: { readonly identity: Identity; readonly reason: string },
): void {
  const { provider } = identity
  const event =
    provider === userProvider
      ? { at: scope.clock(), type: 'session.ended' as const, reason, provider, user: userKey(identity) }
      : { at: scope.clock(), type: 'provider.identity_ended' as const, provider, reason }
  scope.emit(event, undefined)
}

/** Reports, once for each refresh token, that a cookie or record holds one that was exchanged long ago. */
async function reportLost(scope: RefreshScope, record: SessionRecord, { provider, tokens }: Due): Promise<void> {
  const identity = identityAt(record.identities, provider)
  const key = await refreshKey(scope, provider, tokens)
  if (identity !== undefined && spentTokens.isFirstReport(key))
    reportEnd(scope, record, { identity, reason: 'tokens_lost' })
}

function refreshKey({ vault }: RefreshScope, provider: string, { refreshToken = '' }: Tokens): Promise<string> {
  return vault.mac('refresh', `${provider} ${refreshToken}`)
}

function isDue({ refreshToken, refreshAt }: Tokens, now: Seconds): boolean {
  return refreshToken !== undefined && refreshAt !== undefined && refreshAt <= now
}

/** Leaves a session alone that another request has refreshed meanwhile. */
function ifStillHeld({ provider, tokens }: Due, change: SessionChange): SessionChange {
  return (present) =>
    memberAt(present.tokens, provider)?.refreshToken === tokens.refreshToken ? change(present) : present
}

function withRefreshed(
  provider: string,
  { tokens, profile, at }: Extract<Refresh, { kind: 'refreshed' }>,
): SessionChange {
  return (record) => {
    const identity = identityAt(record.identities, provider)
    return {
      ...record,
      generation: record.generation + 1,
      refreshedAt: at,
      tokens: { ...record.tokens, [provider]: tokens },
      ...(identity === undefined || profile === undefined
        ? {}
        : { identities: { ...record.identities, [provider]: { ...identity, profile } } }),
    }
  }
}

/**
 * How long requests that come late, with tokens that have been refreshed, get the new ones: a browser that lost the answer
 * with the new cookie comes again minutes later.
 */
const lateSeconds = 300

/** What a token must have left to be used while another request refreshes it: with less it could end on the way. */
const leastSeconds = 5

/** What is to be refreshed. */
export interface DueTokens {
  readonly provider: string
  readonly refresh: NonNullable<MountedProvider['refresh']>
  readonly tokens: Tokens
  readonly identity: Identity
  /** Told, once for all requests that wait, when the vendor has ended the identity. */
  onEnd(reason: string): void
}

/** A refresh that is over, and when it was: requests that come late share it. */
type Refresh = Exclude<RefreshResult, { kind: 'failed' }> & { readonly at: Seconds }

/**
 * Refreshes tokens that are due, once for all requests that hold them. Null if nothing changed: the vendor failed, or the
 * token is still good and another request is already refreshing it.
 */
async function refreshTokensOnce(scope: RefreshScope, due: DueTokens): Promise<Refresh | null> {
  const { provider, tokens } = due
  const key = await refreshKey(scope, provider, tokens)
  const isGood = tokens.expiresAt !== undefined && tokens.expiresAt >= scope.clock() + leastSeconds
  if (retryTimes.mustWait(key, scope.clock())) return null
  try {
    const work = (): Promise<JsonObject> => refreshOnce(scope, due, key)
    // A request whose token is still good goes on with it while another refreshes it.
    const busy = isGood ? 'fail' : 'wait'
    // The token itself, not a MAC of it: that would be another in a process that lists the secrets in another order. Where a
    // vendor lets it stay the same, what is due next is another refresh.
    const round = JSON.stringify(['refresh', provider, tokens.refreshToken ?? '', tokens.refreshAt ?? ''])
    return (await scope.vault.once(round, { lifetime: lateSeconds, busy, work })) as unknown as Refresh
  } catch {
    return null
  }
}

async function refreshOnce(scope: RefreshScope, due: DueTokens, key: string): Promise<JsonObject> {
  if (spentTokens.has(key)) return { kind: 'ended', reason: 'superseded' }
  const { provider, refresh, tokens, identity } = due
  const result = await ask(refresh, tokens, identity)
  const at = scope.clock()
  if (result.kind === 'failed') {
    retryTimes.failed(key, at, result.retryAfterSeconds)
    const { code, reason = null } = result
    scope.emit(
      { at, type: 'provider.refresh_failed', provider, code, ...(reason === null ? {} : { reason }) },
      undefined,
    )
    // Thrown, so that the result is shared by those who wait and then forgotten.
    throw new AuthError(result.code, { status: 503, hint: 'The vendor failed; it is tried again after a pause.' })
  }
  retryTimes.succeeded(key)
  if (result.kind === 'ended') due.onEnd(result.reason)
  if (result.kind === 'refreshed') {
    if (result.tokens.refreshToken !== tokens.refreshToken) spentTokens.add(key)
    scope.emit({ at, type: 'session.refreshed', provider, user: userKey(identity) }, undefined)
  }
  return { ...result, at } as unknown as JsonObject
}

/** Asks a provider. Where it throws or answers anything else than a result, it has failed. */
async function ask(refresh: DueTokens['refresh'], tokens: Tokens, identity: Identity): Promise<RefreshResult> {
  try {
    const result = (await refresh(tokens, identity)) as RefreshResult | null | undefined
    return isResult(result) ? result : { kind: 'failed', code: 'core/internal_error', reason: 'no result of a refresh' }
  } catch (error) {
    return { kind: 'failed', code: asAuthError(error).code }
  }
}

function isResult(result: RefreshResult | null | undefined): result is RefreshResult {
  if (result?.kind === 'refreshed') return typeof result.tokens?.accessToken === 'string'
  return result?.kind === 'failed' || result?.kind === 'ended'
}
