import type { RateLimit } from './context/rate-limit.ts'
import type { BearerRequirement } from './guard/require-bearer.ts'
import type { SessionRequirement } from './guard/require-session.ts'
import type {
  AccessTokenResult,
  Authenticated,
  AuthenticatedBearer,
  AuthenticatedSession,
  SessionResult,
} from './guard/results.ts'
import type { EventListener } from './model/event.ts'
import type { ProviderName, UserKey } from './model/identity.ts'
import type { JsonObject } from './model/json.ts'
import type { Session, SessionPatch } from './model/session.ts'
import type { Seconds } from './model/time.ts'
import type { InstalledProvider } from './provider/contract.ts'
import type { RequestLike } from './request/request-like.ts'
import type { AuthPages } from './request/response.ts'
import type { SessionOptions } from './session/settings.ts'
import type { OnSignIn } from './session/sign-in.ts'
import type { Store } from './vault/store.ts'

/** Options of `createAuth`. */
export interface AuthOptions {
  /**
   * The app's origin, such as `https://app.example`, or a list of them; the left-most label of one may be `{tenant}`:
   * `https://{tenant}.app.example`. http is accepted for loopback hosts only. With one plain origin the Host header is
   * ignored, else it selects an origin of the list.
   */
  readonly baseUrl: string | readonly string[]
  /** Where the auth routes live. Default `/auth`. */
  readonly basePath?: `/${string}` | undefined
  /**
   * One origin for the callbacks of providers whose redirect URI cannot vary, where `baseUrl` has several. It opens no
   * cookie: by the authenticated `state` it sends the browser on to the host that the login began on.
   */
  readonly callbackOrigin?: string | undefined
  /**
   * Origins other than our own whose pages act and read as the signed-in user: list nothing that you would not give the
   * session. `{basePath}/session` and `{basePath}/logout` answer CORS for them, and no other route.
   */
  readonly trustedOrigins?: readonly string[] | undefined
  /** Origins other than our own that a sign-in or sign-out may return to. */
  readonly returnOrigins?: readonly string[] | undefined
  /** Whether a proxy of ours sets `X-Forwarded-Host`, which then stands for Host. Default false. */
  readonly trustedProxy?: boolean | undefined
  /** At least 32 bytes; of a list the first seals and all open. See docs/guides/rotating-secrets.md. */
  readonly secret: string | readonly [newest: string, ...older: string[]]
  /** Shares sessions, locks and single-use marks between processes. Without it they hold in this process. */
  readonly store?: Store | undefined
  /** How sessions are kept. Default: in a sealed cookie. */
  readonly session?: SessionOptions | undefined
  /** The systems that users sign in with, each under a name of its own. */
  readonly providers: readonly InstalledProvider[]
  /** Where a user who opens a page is sent instead of a problem document. */
  readonly pages?: AuthPages | undefined
  /** Decides about each sign-in. By default each begins a session of its own; nothing links. */
  readonly onSignIn?: OnSignIn | undefined
  /** Called when something happens. Never awaited; what it throws is dropped. */
  readonly onEvent?: EventListener | readonly EventListener[] | undefined
  /**
   * What `GET {basePath}/session` says beside its own members, as `app`: a plain JSON object, and no promise. Where it throws
   * or answers anything else, that route is 500 `core/internal_error` and says nothing of the session.
   */
  readonly sessionResponse?: ((session: Session) => JsonObject) | undefined
  /**
   * Limits how often logins, callbacks, launches, tokens, sign-outs and bearer tokens may be tried. Asked after the cheap
   * checks, for at most a second; anything but `true` is 429 `core/rate_limited`, a hook that throws or is late is 503. A
   * sign-out goes on where the hook throws or is late.
   */
  readonly rateLimit?: RateLimit | undefined
  /** The time now, in whole seconds. */
  readonly clock?: (() => Seconds) | undefined
}

/** What an adapter mounts and an app asks. */
export interface Auth {
  /** Every route, for frameworks that want them one by one. */
  readonly routes: readonly { readonly method: 'GET' | 'POST'; readonly path: string }[]
  /**
   * Answers a request to one of the routes. Never throws.
   *
   * @param extra `body`: what the framework parsed of the body, if it did. `frameworkRequest`: its own request, handed to
   * callbacks.
   */
  handle(request: Request, extra?: { readonly body?: unknown; readonly frameworkRequest?: unknown }): Promise<Response>
  /**
   * Returns the session, or null. Refreshes tokens that are due and prolongs the idle time.
   *
   * @param options `readOnly: true` where no header can be set (Server Components, upgrades, hijacked replies): then
   * nothing is refreshed, prolonged or written.
   */
  getSession(request: RequestLike, options?: { readonly readOnly?: boolean | undefined }): Promise<SessionResult>
  /**
   * Lets a request pass only with a session that meets the requirement. Requests that may change state must come from
   * our own pages.
   *
   * @throws `auth/session_required`, `auth/step_up_required`, `auth/tenant_required`, `auth/forbidden`,
   * `core/cross_origin`, `core/unknown_host`, `core/invalid_option`
   */
  requireSession(
    request: RequestLike,
    requirement?: SessionRequirement,
    options?: { readonly readOnly?: boolean | undefined },
  ): Promise<AuthenticatedSession>
  /**
   * Lets a request pass only with an access token (`Authorization: Bearer`) that meets the requirement.
   *
   * @throws `auth/bearer_required`, `auth/bearer_invalid`, `auth/bearer_revoked`, `auth/bearer_refused`, `auth/scope_required`,
   * `auth/tenant_required`, `auth/forbidden`, `core/unknown_host`, `core/invalid_option`
   */
  requireBearer(request: RequestLike, requirement?: BearerRequirement): Promise<AuthenticatedBearer>
  /** Lets a request pass with a token if it presents one, else with a session; as the two others do. */
  requireSessionOrBearer(
    request: RequestLike,
    requirement: { readonly session: SessionRequirement; readonly bearer: BearerRequirement },
    options?: { readonly readOnly?: boolean | undefined },
  ): Promise<Authenticated>
  /**
   * Returns the access token of a provider in the session: the only way to tokens. Refreshes it when it is due.
   *
   * @param options `readOnly: true` never refreshes: a token that is due but still valid is returned as it is.
   * @throws `auth/session_required`, `auth/tokens_missing`, `auth/tokens_unavailable`
   */
  getAccessToken(
    request: RequestLike,
    provider: ProviderName,
    options?: { readonly readOnly?: boolean | undefined },
  ): Promise<AccessTokenResult>
  /**
   * Changes the app's own data in the session. Shallow: `undefined` removes a member, absent leaves it. In a store by
   * compare-and-set; in a cookie the last answer wins.
   *
   * @throws `auth/session_required`, `core/cross_origin`, `core/session_too_large`
   */
  updateSession(request: RequestLike, data: SessionPatch): Promise<AuthenticatedSession>
  /**
   * Ends every session that a user is signed in to, from now on: in this process, or with a store in all of them.
   *
   * @throws `core/invalid_option` for a user whom no session can hold, `auth/store_unavailable`, `core/sessions_external`
   */
  revokeSessions(user: UserKey): Promise<void>
  /**
   * The answer to a request that was refused: a problem document, or for a user who opens a page a redirect to
   * `pages.signIn` or `pages.error`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9457
   */
  errorResponse(error: unknown, request: RequestLike): Response
  /** Origins that a page's CSP `form-action` needs for its sign-out and launch forms. */
  formActionOrigins(session?: Session | null): readonly string[]
}
