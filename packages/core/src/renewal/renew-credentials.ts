import { AuthError } from '../errors/auth-error.ts'
import type { JsonObject } from '../json.ts'
import type { MountedProvider, Renewal } from '../provider/contract.ts'
import { asAuthError } from '../request/refusal.ts'
import type { Credentials, Identity } from '../session/identity.ts'
import type { Wiring } from '../wiring.ts'
import { retryTimes } from './retry-times.ts'
import { spentTokens } from './spent-tokens.ts'

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
export async function renewCredentials(
  wiring: Wiring,
  due: DueCredentials,
): Promise<Exclude<Renewal, { kind: 'failed' }> | null> {
  const { provider, credentials } = due
  const key = await wiring.vault.mac('renewal', `${provider} ${credentials.refreshToken ?? ''}`)
  const isGood = credentials.expiresAt !== undefined && credentials.expiresAt >= wiring.clock() + leastSeconds
  if (retryTimes.mustWait(key, wiring.clock())) return null
  try {
    const work = (): Promise<JsonObject> => renewOnce(wiring, due, key)
    // A request whose token is still good goes on with it while another renews it.
    const busy = isGood ? 'fail' : 'wait'
    // Where a vendor lets a refresh token stay the same, what is due next is another renewal.
    const round = `renewal ${key} ${credentials.renewAt ?? ''}`
    return (await wiring.vault.once(round, { lifetime: lateSeconds, busy, work })) as unknown as Exclude<
      Renewal,
      { kind: 'failed' }
    >
  } catch {
    return null
  }
}

async function renewOnce(wiring: Wiring, due: DueCredentials, key: string): Promise<JsonObject> {
  if (spentTokens.has(key)) return { kind: 'ended', reason: 'superseded' }
  const { provider, renew, credentials, identity } = due
  const renewal = await renew(credentials, identity).catch(asFailure)
  const at = wiring.clock()
  if (renewal.kind === 'failed') {
    retryTimes.failed(key, at, renewal.retryAfterSeconds)
    wiring.emit({ at, type: 'provider.renewal_failed', provider, code: renewal.code }, undefined)
    // Thrown, so that the result is shared by those who wait and then forgotten.
    throw new AuthError(renewal.code, { status: 503, hint: 'The vendor failed; it is tried again after a pause.' })
  }
  retryTimes.succeeded(key)
  if (renewal.kind === 'ended') due.onEnd(renewal.reason)
  if (renewal.kind === 'renewed') {
    if (renewal.credentials.refreshToken !== credentials.refreshToken) spentTokens.add(key)
    wiring.emit({ at, type: 'session.renewed', provider }, undefined)
  }
  return renewal as unknown as JsonObject
}

function asFailure(error: unknown): Extract<Renewal, { kind: 'failed' }> {
  return { kind: 'failed', code: asAuthError(error).code }
}
