import type { Seconds } from '@latchkey/core/provider'
import { verifyAccessTokenLocally } from './access-token.ts'
import { authenticationTime } from './authentication-time.ts'
import { finishLogin, type WinkLoginResult } from './finish-login.ts'
import { type WinkIdentity, winkIdentity } from './identity.ts'
import { checkWinkOptions, type WinkOptions, type WinkSettings } from './options.ts'
import { createSession, type WinkSessionOptions } from './session-api.ts'
import { startLogin, type WinkLoginOptions, type WinkLoginStart, type WinkServerTransaction } from './start-login.ts'
import { verifyClient } from './verify-client.ts'

/** What an access token must satisfy beyond being valid. */
export interface VerifyAccessTokenOptions {
  /** The nonce that the access token must carry. Newer Keycloak leaves it out of access tokens. */
  readonly nonce?: string
  /** The token must not have been issued before this moment, in seconds since the Unix epoch. No tolerance is added. */
  readonly notBefore?: Seconds
  /** `false` skips verify-client: nothing is called but the keys, and the profile holds the tag at most. */
  readonly remote?: boolean
}

/** Where the browser goes after signing out of Wink. */
export interface WinkSignOutOptions {
  /** Must be registered at Wink as a post-logout redirect URI. */
  readonly returnTo?: URL
}

/** Wink's protocol. Knows no sessions, no cookies and no routes. */
export interface Wink {
  /**
   * Begins a sign-in of the server flow: creates the Wink session and builds the URL to send the browser to. Keep
   * `transaction` (plain JSON, secret) where only this browser can bring it back from; `id` is its state.
   *
   * @throws `wink/return_url_not_allowed`, `wink/cancel_url_not_allowed` and the errors of {@link createSession}
   * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
   */
  startLogin(options: WinkLoginOptions): Promise<WinkLoginStart>
  /**
   * Ends a sign-in of the server flow: redeems the code, verifies both tokens here, then asks verify-client. Keeps no
   * token.
   *
   * @param callback The URL of the callback request, on the origin that the redirect URI was on.
   * @param transaction What {@link startLogin} gave; null where this browser has none, which is a `restart`.
   * @throws `wink/empty_callback`, `wink/login_refused`, `wink/client_refused`, `wink/token_pair_mismatch`, the errors
   * of {@link verifyAccessToken}, and those of `@latchkey/oidc` for callback and ID token
   */
  finishLogin(callback: URL, transaction: WinkServerTransaction | null): Promise<WinkLoginResult>
  /**
   * Creates a Wink session, for flows of your own. Single-use: create one per login, right before it.
   *
   * @throws `wink/return_url_not_allowed`, `wink/cancel_url_not_allowed`, `wink/environment_refused`,
   * `wink/credentials_refused`, `wink/session_invalid`, `wink/blocked_by_gateway`, `wink/session_refused`,
   * `wink/session_unavailable`, `wink/session_answer_invalid`
   */
  createSession(options: WinkSessionOptions): Promise<{ readonly sessionId: string }>
  /**
   * Verifies an access token and tells whose it is: signature, issuer, type, client and times here; then verify-client;
   * then that both name the same person. An outage of Wink is an error, never an identity.
   *
   * @throws `wink/token_type_refused`, `wink/client_mismatch`, `wink/subject_missing`, `wink/token_predates_login`,
   * `wink/nonce_missing`, `wink/nonce_mismatch`, `wink/token_refused`, `wink/verification_unavailable`,
   * `wink/verification_failed`, `wink/profile_mismatch`, and the errors of `@latchkey/oidc/verify`
   */
  verifyAccessToken(token: string, expected?: VerifyAccessTokenOptions): Promise<WinkIdentity>
  /**
   * The URL that ends the sign-in at Wink. Keycloak asks the person once, as no ID token is kept.
   *
   * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
   */
  signOutUrl(options: WinkSignOutOptions): URL
}

/**
 * Makes a Wink client. Calls nothing.
 *
 * @throws `core/invalid_option`
 */
export function createWink(options: WinkOptions): Wink {
  const settings = checkWinkOptions(options)
  return {
    startLogin: (login) => startLogin(settings, login),
    finishLogin: (callback, transaction) => finishLogin(settings, callback, transaction),
    createSession: (urls) => createSession(settings, urls),
    verifyAccessToken: (token, expected = {}) => verifyAccessToken(settings, token, expected),
    signOutUrl: (target) => signOutUrl(settings, target),
  }
}

async function verifyAccessToken(
  settings: WinkSettings,
  token: string,
  { remote = true, ...requirements }: VerifyAccessTokenOptions,
): Promise<WinkIdentity> {
  const claims = await verifyAccessTokenLocally(settings, token, { ...requirements, source: 'caller' })
  const now = settings.clock()
  return winkIdentity(claims, {
    profile: remote ? await verifyClient(settings, token) : null,
    issuer: settings.endpoints.issuers[0],
    signedInAt: now,
    authentication: authenticationTime([claims.all], { forcedAt: null, now }),
  })
}

function signOutUrl({ clientId, endpoints }: WinkSettings, { returnTo }: WinkSignOutOptions): URL {
  const url = new URL(endpoints.logout)
  url.searchParams.set('client_id', clientId)
  if (returnTo !== undefined) url.searchParams.set('post_logout_redirect_uri', returnTo.href)
  return url
}
