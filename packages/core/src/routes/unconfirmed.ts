import type { AuthContext } from '../context/auth-context.ts'
import { checkRate } from '../context/rate-limit.ts'
import type { RequestSession } from '../context/request-session.ts'
import { randomToken } from '../crypto/index.ts'
import { coreError } from '../errors/core-errors.ts'
import type { Identity, Tokens } from '../model/identity.ts'
import type { Seconds } from '../model/time.ts'
import type { ReturnTarget } from '../request/return-to.ts'
import type { SessionRecord } from '../session/record.ts'

/** A sign-in at a vendor that no session holds yet. */
export interface UnconfirmedSignIn {
  readonly identity: Identity
  readonly tokens: Tokens | undefined
  readonly sid: string | undefined
  readonly epochs: readonly string[]
  readonly returnTo: ReturnTarget | null
}

interface Sealed extends UnconfirmedSignIn {
  readonly id: string
  /** The session in whose place, or in which, it may be confirmed. */
  readonly sessionId: string
  readonly origin: string
  readonly expiresAt: Seconds
}

const lifetimeSeconds = 600

/** Seals a sign-in for the page that asks about it: good once, for 10 minutes, in the session that is alive now. */
export async function sealUnconfirmed(
  { vault, clock, sessionSettings }: AuthContext,
  signIn: UnconfirmedSignIn,
  current: SessionRecord,
): Promise<string> {
  const expiresAt = clock() + lifetimeSeconds
  const content: Sealed = { ...signIn, id: randomToken(16), sessionId: current.id, origin: current.origin, expiresAt }
  return vault.seal({ purpose: 'unconfirmed-sign-in', name: sessionSettings.cookieName }, JSON.stringify(content))
}

/**
 * Opens a sign-in that the user has confirmed, and marks it as used.
 *
 * @throws `auth/session_changed`, `auth/login_expired`, `auth/login_replayed`, `core/rate_limited`,
 * `auth/store_unavailable`
 */
export async function openConfirmed(
  context: AuthContext,
  requestSession: RequestSession,
  sealed: string,
): Promise<UnconfirmedSignIn> {
  const { vault, clock, sessionSettings } = context
  const opened = await vault.open({ purpose: 'unconfirmed-sign-in', name: sessionSettings.cookieName }, sealed)
  const signIn = opened === null ? null : (JSON.parse(opened) as Sealed)
  const { record, own, frameworkRequest } = requestSession
  requestSession.signingIn = signIn?.identity.provider ?? null
  if (signIn === null || record === null || signIn.sessionId !== record.id || signIn.origin !== own.origin) {
    throw coreError('auth/session_changed')
  }
  const remaining = signIn.expiresAt - clock()
  if (remaining <= 0) throw coreError('auth/login_expired')
  await checkRate(context.rateLimit, { kind: 'callback', provider: signIn.identity.provider, frameworkRequest })
  if (!(await vault.markUsed('sign-in', signIn.id, remaining))) throw coreError('auth/login_replayed')
  const { identity, tokens, sid, epochs, returnTo } = signIn
  return { identity, tokens, sid, epochs, returnTo }
}
