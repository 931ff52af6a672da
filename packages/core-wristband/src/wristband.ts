import { createApplication, type WristbandOptions } from './application.ts'
import { finishLogin, type LoginResult } from './finish-login.ts'
import type { WristbandProfile } from './identity.ts'
import { type SignOutOptions, signOutUrl } from './sign-out.ts'
import { type LoginStart, type StartLoginOptions, startLogin } from './start-login.ts'
import type { WristbandTransaction } from './transaction.ts'
import { userinfo } from './userinfo.ts'

/** The client of one Wristband application: the protocol alone, without sessions and cookies. */
export interface Wristband {
  /**
   * Begins a sign-in: authorization code flow with PKCE, `state` and `nonce`, at the tenant's own host.
   *
   * @returns Where the browser goes, and what to remember for {@link Wristband.finishLogin}.
   * @throws `wristband/tenant_name_invalid`, `wristband/tenant_unknown`, `wristband/hint_too_long`, `core/invalid_option`
   * @see https://docs.wristband.dev
   */
  startLogin(options: StartLoginOptions): Promise<LoginStart<WristbandTransaction>>
  /**
   * Ends a sign-in: redeems the code, verifies the tokens, proves the tenant and asks userinfo who the person is, in this
   * order, and stops at the first that fails. ID tokens are not kept.
   *
   * @param callback Our callback with the query that came, on our own configured origin.
   * @param transaction What {@link Wristband.startLogin} gave this browser, redeemed; null where it has none.
   * @throws `wristband/login_expired` after 600 s, `wristband/tenant_mismatch`, `wristband/tenant_missing`,
   *   `wristband/tenant_unknown`, `wristband/authentication_too_old`, `wristband/access_denied`,
   *   `wristband/authorization_refused`, `wristband/userinfo_invalid`, and the `oidc/…` codes for a callback or token that
   *   is not right
   * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowSteps
   */
  finishLogin(callback: URL, transaction: WristbandTransaction | null): Promise<LoginResult>
  /**
   * Describes the person of an access token, which must be a JWT: its subject and userinfo's must be the same.
   *
   * @throws `oidc/subject_mismatch`, `oidc/userinfo_failed`, `wristband/userinfo_invalid`, and the `oidc/…` codes for a
   *   token that is not right
   */
  userinfo(accessToken: string): Promise<WristbandProfile>
  /**
   * Where the browser ends its sign-on at a tenant. Without a tenant there is none to end: it is `returnTo`, else the
   * application's own login page.
   *
   * @throws `wristband/tenant_name_invalid`, `core/invalid_option`
   */
  signOutUrl(options: SignOutOptions): URL
}

/**
 * Makes the client of one Wristband application. Nothing is fetched before the first call.
 *
 * @throws `core/invalid_option`
 */
export function createWristband(options: WristbandOptions): Wristband {
  const application = createApplication(options)
  return {
    startLogin: (start) => startLogin(application, start),
    finishLogin: (callback, transaction) => finishLogin(application, callback, transaction),
    userinfo: (accessToken) => userinfo(application, accessToken),
    signOutUrl: (signOut) => signOutUrl(application, signOut),
  }
}
