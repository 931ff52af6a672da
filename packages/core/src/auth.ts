import type { BearerRequirement } from './guard/require-bearer.ts'
import type { SessionRequirement } from './guard/require-session.ts'
import type { BearerGrant, CredentialsReading, Grant, SessionGrant, SessionReading } from './guard/results.ts'
import type { EventListener } from './model/event.ts'
import type { PersonKey, ProviderName } from './model/identity.ts'
import type { Session, SessionData } from './model/session.ts'
import type { Seconds } from './model/time.ts'
import type { AuthProvider } from './provider/contract.ts'
import type { Incoming } from './request/request-like.ts'
import type { AuthPages } from './request/response.ts'
import type { SessionOptions } from './session/settings.ts'
import type { OnSignIn } from './session/sign-in.ts'
import type { Vault } from './vault/vault.ts'

/** Options of `createAuth`. */
export interface AuthOptions {
  /**
   * The app's origin, such as `https://app.example`, or a list of them; the left-most label of one may be `{tenant}`:
   * `https://{tenant}.app.example`. http is accepted for loopback hosts only. With one plain origin the Host header is
   * ignored, else it selects an origin of the list.
   */
  readonly baseUrl: string | readonly string[]
  /** Where the auth routes live. Default `/auth`. */
  readonly basePath?: `/${string}`
  /**
   * One origin for the callbacks of providers whose redirect URI cannot vary, where `baseUrl` has several. It opens no
   * cookie: by the authenticated `state` it sends the browser on to the host that the login began on.
   */
  readonly callbackOrigin?: string
  /** Origins other than our own that may send a POST as the signed-in person. */
  readonly trustedOrigins?: readonly string[]
  /** Origins other than our own that a sign-in or sign-out may return to. */
  readonly returnOrigins?: readonly string[]
  /** Whether a proxy of ours sets `X-Forwarded-Host`, which then stands for Host. Default false. */
  readonly trustedProxy?: boolean
  readonly vault: Vault
  /** How sessions are kept. Default: in a sealed cookie. */
  readonly session?: SessionOptions
  readonly providers: readonly AuthProvider[]
  /** Where a person who opens a page is sent instead of a problem document. */
  readonly pages?: AuthPages
  /** Decides about each sign-in. By default each begins a session of its own; nothing joins. */
  readonly onSignIn?: OnSignIn
  /** Told what happens. Never awaited; what it throws is dropped. */
  readonly onEvent?: EventListener
  /** The time now, in whole seconds. */
  readonly clock?: () => Seconds
}

/** What an adapter mounts and an app asks. */
export interface Auth {
  /** Every route, for frameworks that want them one by one. */
  readonly routes: readonly { readonly method: 'GET' | 'POST'; readonly path: string }[]
  /**
   * Answers a request to one of the routes. Never throws.
   *
   * @param extra `body`: what the framework parsed of the body, if it did. `native`: its own request, handed to callbacks.
   */
  handle(request: Request, extra?: { readonly body?: unknown; readonly native?: unknown }): Promise<Response>
  /**
   * Reads the session, if there is one.
   *
   * @param options `writable: false` where no header can be set any more: then nothing is written.
   */
  read(incoming: Incoming, options: { readonly writable: boolean }): Promise<SessionReading>
  /**
   * Lets a request pass only with a session that meets the requirement. Requests that may change state must come from
   * our own pages.
   *
   * @throws `auth/session_required`, `auth/step_up_required`, `auth/tenant_required`, `core/cross_origin`
   */
  requireSession(
    incoming: Incoming,
    requirement?: SessionRequirement,
    options?: { readonly writable?: boolean },
  ): Promise<SessionGrant>
  /**
   * Lets a request pass only with an access token (`Authorization: Bearer`) that meets the requirement.
   *
   * @throws `auth/bearer_required`, `auth/bearer_invalid`, `auth/bearer_refused`, `auth/scope_required`,
   * `auth/tenant_required`
   */
  requireBearer(incoming: Incoming, requirement?: BearerRequirement): Promise<BearerGrant>
  /** Lets a request pass with a token if it presents one, else with a session; as the two others do. */
  requireEither(
    incoming: Incoming,
    requirement: { readonly session: SessionRequirement; readonly bearer: BearerRequirement },
  ): Promise<Grant>
  /**
   * The tokens of a provider in the session: the only way to them. Renews them when they are due.
   *
   * @throws `auth/session_required`, `auth/credentials_missing`, `auth/credentials_unavailable`
   */
  credentials(
    incoming: Incoming,
    provider: ProviderName,
    options?: { readonly writable?: boolean },
  ): Promise<CredentialsReading>
  /**
   * Changes the app's own data in the session: members of `data` take the place of those of the same name.
   *
   * @throws `auth/session_required`, `core/session_too_large`
   */
  update(incoming: Incoming, data: Partial<SessionData>): Promise<SessionGrant>
  /**
   * Ends every session that a person is signed in to, from now on: in this process, or with a store in all of them.
   *
   * @throws `auth/store_unavailable`
   */
  endSessionsOf(person: PersonKey): Promise<void>
  /**
   * The answer to a request that was refused: a problem document, or for a person who opens a page a redirect to
   * `pages.signIn` or `pages.error`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9457
   */
  refusal(error: unknown, incoming: Incoming): Response
  /** Origins that a page's CSP `form-action` needs for its sign-out and launch forms. */
  formActionOrigins(session?: Session | null): readonly string[]
}
