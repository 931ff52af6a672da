import type { BearerToken, JsonObject, Tokens } from '@latchkey/core/provider'
import type { TokenVerifier } from '@latchkey/oidc/verify'
import { type Application, createApplication } from '../application/application.ts'
import type { WristbandClientOptions } from '../application/options.ts'
import type { WristbandIdentity, WristbandTransaction } from '../model/identity.ts'
import { bearersOf } from './bearers.ts'
import type { LoginResult } from './finish-login.ts'
import { loadProtocol } from './load-protocol.ts'
import type { createMachineTokens, MachineTokenRequest } from './machine-token.ts'
import { applicationLoginUrl, type SignOutOptions, signOutUrl } from './sign-out.ts'
import type { LoginStart, StartLoginOptions } from './start-login.ts'

/** The client of one Wristband application: the protocol alone, without sessions and cookies. */
export interface WristbandClient {
  /** @internal What `wristbandProvider` mounts: the application behind the client. Not for apps, and not stable. */
  readonly application: Application
  /** What `wristbandProvider` verifies access tokens by. Not for apps, and not stable. */
  readonly bearers: TokenVerifier<BearerToken>
  /**
   * Begins a sign-in: authorization code flow with PKCE, `state` and `nonce`, at the tenant's own host or domain. Without a
   * tenant, at the application, where the user finds it.
   *
   * @returns Where the browser goes, and what to remember for {@link WristbandClient.finishLogin}.
   * @throws `wristband/tenant_name_invalid`, `wristband/custom_domain_invalid`, `wristband/tenant_unknown`,
   *   `wristband/tenant_mismatch`, `wristband/tenant_required`, `wristband/hint_too_long`, `core/invalid_option`, and the codes
   *   of {@link WristbandClient.configure}
   * @see https://docs.wristband.dev
   */
  startLogin(options: StartLoginOptions): Promise<LoginStart<WristbandTransaction>>
  /**
   * Ends a sign-in: redeems the code, verifies the tokens, proves the tenant and asks userinfo who the user is, in this
   * order, and stops at the first that fails. ID tokens are not kept.
   *
   * @param callback Our callback with the query that came, on our own configured origin.
   * @param transaction What {@link WristbandClient.startLogin} gave this browser, redeemed; null where it has none.
   * @throws `wristband/login_expired` after 600 s, `wristband/tenant_mismatch`, `wristband/tenant_missing`,
   *   `wristband/tenant_unknown`, `wristband/tenant_required`, `wristband/authentication_too_old`, `wristband/access_denied`,
   *   `wristband/authorization_refused`, `wristband/userinfo_invalid`, and the `oidc/…` codes for a callback or token that
   *   is not right
   * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowSteps
   */
  finishLogin(callback: URL, transaction: WristbandTransaction | null): Promise<LoginResult>
  /**
   * Exchanges the refresh token. The new tokens must be of the same user and tenant, and the app's record must still
   * know the tenant. Keep what comes back: the refresh token may be another one.
   *
   * @param identity Whose tokens they are: the answer is held to it. Without it the answer is held to the subject and
   *   tenant that the old access token names, which must be a JWT then.
   * @throws `wristband/refresh_token_invalid` when the user must sign in again, `wristband/refresh_refused`,
   *   `wristband/tenant_mismatch`, `wristband/tenant_unknown`, `wristband/tenant_missing`, `oidc/token_request_failed` when
   *   Wristband fails, and the other `oidc/…` codes of a refresh
   */
  refresh(tokens: Tokens, identity?: WristbandIdentity): Promise<Tokens>
  /**
   * Revokes the refresh token, if there is one. Waits 2 seconds at most.
   *
   * @throws `oidc/revocation_failed`, `oidc/client_refused`, `core/…` of the transport
   * @see https://www.rfc-editor.org/rfc/rfc7009
   */
  revoke(tokens: Tokens): Promise<void>
  /**
   * An access token of the application itself: one for all callers of this process, until 60 seconds before it expires.
   * With a `store` processes share it.
   *
   * @throws `oidc/client_refused`, `oidc/grant_refused`, `oidc/token_request_failed`, `oidc/token_response_invalid`,
   *   `auth/store_unavailable`, `core/…` of the transport
   */
  machineToken(request?: MachineTokenRequest): Promise<string>
  /**
   * Verifies an access token that a caller presents: signature, type (`at+jwt`), issuer, times, the client that it was
   * issued to, and that it says whether a user or a machine holds it.
   *
   * A good token is remembered for 5 minutes; its key and its times are asked each time.
   *
   * @returns Its claims, frozen.
   * @throws `wristband/client_mismatch`, `wristband/access_token_invalid`, and the `oidc/…` codes of a token that is not
   *   right
   * @see https://www.rfc-editor.org/rfc/rfc9068#section-4
   */
  verifyAccessToken(accessToken: string): Promise<JsonObject>
  /**
   * All that Wristband says of the user of an access token, by the scopes that were asked for. The token must be a JWT:
   * its subject and userinfo's must be the same.
   *
   * @throws `oidc/subject_mismatch`, `oidc/userinfo_failed`, and the `oidc/…` codes for a token that is not right
   */
  userinfo(accessToken: string): Promise<JsonObject>
  /**
   * Where the browser ends its sign-on: at the tenant's own domain or host. Without a tenant there is none to end: it is
   * `returnTo`, else our registered login route if it takes users without a tenant, else the application's login page.
   *
   * @throws `wristband/tenant_name_invalid`, `wristband/custom_domain_invalid`, `core/invalid_option`, and
   *   `wristband/configuration_unavailable` with `autoConfigure` before anything was fetched
   */
  signOutUrl(options: SignOutOptions): URL
  /**
   * Where a user goes who does not know their tenant. Nothing is minted for it.
   *
   * @throws the codes of {@link WristbandClient.configure}
   */
  applicationLoginUrl(): Promise<URL>
  /**
   * Fetches now what `autoConfigure` would fetch on first use, so that a wrong setting is an error at start.
   *
   * @throws `wristband/configuration_unavailable`, `wristband/configuration_invalid`, `core/…` of the transport
   */
  configure(): Promise<void>
}

/**
 * Makes the client of one Wristband application. Nothing is fetched before the first call.
 *
 * @throws `core/invalid_option`
 */
export function createWristbandClient(options: WristbandClientOptions): WristbandClient {
  const application = createApplication(options)
  const bearers = bearersOf(application)
  let machineTokens: ReturnType<typeof createMachineTokens> | undefined
  return {
    application,
    bearers,
    startLogin: async (start) => (await loadProtocol()).startLogin(application, start),
    finishLogin: async (callback, transaction) =>
      (await loadProtocol()).finishLogin(application, callback, transaction),
    refresh: async (tokens, identity) => (await loadProtocol()).refresh(application, tokens, identity),
    revoke: async (tokens) => (await loadProtocol()).revoke(application, tokens),
    async machineToken(request) {
      const protocol = await loadProtocol()
      machineTokens ??= protocol.createMachineTokens(application)
      return machineTokens(request)
    },
    verifyAccessToken: async (accessToken) => (await bearers.verify(accessToken)).claims,
    userinfo: async (accessToken) => (await loadProtocol()).userinfo(application, accessToken),
    signOutUrl: (signOut) => signOutUrl(application, signOut),
    applicationLoginUrl: () => applicationLoginUrl(application),
    configure: async () => void (await application.configuration.read()),
  }
}
