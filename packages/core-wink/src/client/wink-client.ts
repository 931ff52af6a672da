import type { JsonObject, Tokens } from '@latchkey/core/provider'
import { createSession, type WinkSessionOptions } from '../api/session.ts'
import { checkWinkOptions, type WinkClientOptions, type WinkSettings } from '../model/options.ts'
import { createCallerTokens } from '../tokens/access-token.ts'
import {
  finishBrowserLogin,
  startBrowserLogin,
  type WinkBrowserLoginOptions,
  type WinkBrowserLoginStart,
  type WinkBrowserTokens,
} from './browser-login.ts'
import type { WinkIdentity } from './identity.ts'
import { refresh } from './refresh.ts'
import {
  finishLogin,
  startLogin,
  type WinkLoginOptions,
  type WinkLoginResult,
  type WinkLoginStart,
} from './server-login.ts'
import { signOut, signOutUrl, type WinkSignOutOptions } from './sign-out.ts'
import { type VerifyAccessTokenOptions, verifyAccessToken } from './verify-access-token.ts'

/** Wink's protocol. Knows no sessions, no cookies and no routes. */
export interface WinkClient {
  /**
   * Begins a sign-in of the server flow: creates the Wink session and builds the URL to send the browser to. Keep
   * `transaction` (plain JSON, secret) where only this browser can bring it back from; `id` is its state.
   *
   * @throws `wink/return_url_not_allowed`, `wink/cancel_url_not_allowed` and the errors of {@link createSession}
   * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
   */
  startLogin(options: WinkLoginOptions): Promise<WinkLoginStart>
  /**
   * Ends a sign-in of the server flow: redeems the code, verifies both tokens here, then asks verify-client.
   *
   * @param callback The URL of the callback request, on the origin that the redirect URI was on.
   * @param transaction What {@link startLogin} gave; null if this browser has none, which is a `restart`.
   * @throws `wink/empty_callback`, `wink/login_refused`, `wink/client_refused`, `wink/token_pair_mismatch`, the errors
   * of {@link verifyAccessToken}, and those of `@latchkey/oidc` for callback and ID token
   */
  finishLogin(callback: URL, transaction: JsonObject | null): Promise<WinkLoginResult>
  /**
   * Begins a sign-in by Wink's browser SDK: creates the Wink session and a nonce, both for the page. Keep `transaction`
   * where only this browser can bring it back from.
   *
   * @throws `core/invalid_option` without `returnUrls` and `cancelUrls`, and the errors of {@link createSession}
   */
  startBrowserLogin(options: WinkBrowserLoginOptions): Promise<WinkBrowserLoginStart>
  /**
   * Ends a sign-in by Wink's browser SDK: verifies the tokens of the page, with our nonce in one of them, then asks
   * verify-client. Use a transaction once, and forget it before this is called.
   *
   * @param transaction What {@link startBrowserLogin} gave; null if this browser has none, which is refused.
   * @throws `wink/nonce_missing`, `wink/nonce_mismatch`, `wink/token_pair_mismatch`, and the errors of
   * {@link verifyAccessToken}
   */
  finishBrowserLogin(tokens: WinkBrowserTokens, transaction: JsonObject | null): Promise<WinkIdentity>
  /**
   * Creates a Wink session, for flows of your own. Single-use: create one per login, right before it.
   *
   * @throws `wink/return_url_not_allowed`, `wink/cancel_url_not_allowed`, `wink/environment_refused`,
   * `wink/credentials_refused`, `wink/session_invalid`, `wink/blocked_by_gateway`, `wink/session_refused`,
   * `wink/session_unavailable`, `wink/session_answer_invalid`, `wink/too_many_logins`
   */
  createSession(options: WinkSessionOptions): Promise<{ readonly sessionId: string }>
  /**
   * Verifies an access token and tells whose it is: signature, issuer, type, client and times here; then verify-client;
   * then that both name the same user. An outage of Wink is an error, never an identity. What was verified here is
   * remembered for 5 minutes; key, times and verify-client are asked each time.
   *
   * @throws `wink/token_type_refused`, `wink/client_mismatch`, `wink/subject_missing`, `wink/token_predates_login`,
   * `wink/nonce_missing`, `wink/nonce_mismatch`, `wink/token_refused`, `wink/verification_unavailable`,
   * `wink/verification_failed`, `wink/profile_mismatch`, and the errors of `@latchkey/oidc/verify`
   */
  verifyAccessToken(token: string, expected?: VerifyAccessTokenOptions): Promise<WinkIdentity>
  /**
   * Exchanges the refresh token of kept tokens. Wink gives a new one each time: store what this returns.
   *
   * @param identity Whose tokens they are: the answer must be of this user. Without it the user is read from the access
   * token.
   * @throws `wink/refresh_token_invalid` when the sign-in is over, `wink/refresh_refused`, and the `oidc/…` codes of a
   * refresh
   */
  refresh(tokens: Tokens, identity?: WinkIdentity): Promise<Tokens>
  /**
   * Ends the sign-in at Wink from here, with the refresh token of kept tokens.
   *
   * @throws `wink/refresh_token_invalid` without one, `wink/sign_out_failed`
   */
  signOut(tokens: Tokens): Promise<void>
  /**
   * The URL that ends the sign-in at Wink. Keycloak asks the user once, as no ID token is kept.
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
export function createWinkClient(options: WinkClientOptions): WinkClient {
  const settings = checkWinkOptions(options)
  const tokens = createCallerTokens(settings)
  const client: WinkClient = {
    startLogin: (login) => startLogin(settings, login),
    finishLogin: (callback, transaction) => finishLogin(settings, callback, transaction),
    startBrowserLogin: (login) => startBrowserLogin(settings, login),
    finishBrowserLogin: (tokens, transaction) => finishBrowserLogin(settings, tokens, transaction),
    createSession: (urls) => createSession(settings, urls),
    verifyAccessToken: (token, expected = {}) => verifyAccessToken({ settings, tokens }, token, expected),
    refresh: (tokens, identity) => refresh(settings, tokens, identity),
    signOut: (tokens) => signOut(settings, tokens),
    signOutUrl: (target) => signOutUrl(settings, target),
  }
  settingsByClient.set(client, settings)
  return client
}

const settingsByClient = new WeakMap<WinkClient, WinkSettings>()

/** What a client was made with, for the provider; undefined for anything that `createWinkClient` did not make. */
export function settingsOf(client: WinkClient): WinkSettings | undefined {
  return settingsByClient.get(client)
}
