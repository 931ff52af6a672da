import type { UnverifiedJwt } from '../crypto/jwt.ts'
import type { VendorObserver } from '../http/vendor-reports.ts'
import type { ErrorCode } from '../model/event.ts'
import type { FrameworkRequest } from '../model/framework-request.ts'
import type { BaseProfile, Identities, IdentityOf, Tokens, UserKey } from '../model/identity.ts'
import type { Awaitable, Json, JsonObject } from '../model/json.ts'
import type { Session } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'
import type { Origins } from '../request/origins.ts'
import type { RequestSource } from '../request/request-source.ts'
import type { ReturnTarget } from '../request/return-to.ts'

/**
 * An identity system, as `createAuth` takes it. Its options are checked when it is made or mounted, never at the first
 * request.
 */
export interface AuthProvider<Name extends string = string> {
  /** `[a-z][a-z0-9]{0,30}`, and none of core's own words; its routes live under `{basePath}/{name}`. */
  readonly name: Name
  /** Makes its routes and functions for one auth. */
  mount(host: ProviderHost): MountedProvider<Name>
}

/**
 * What an app may pass to `createAuth`: providers whose names are in `Identities`, so that `session.user` is what its
 * type says.
 */
export type InstalledProvider = [keyof Identities & string] extends [never]
  ? AuthProvider
  : AuthProvider<keyof Identities & string>

/** What a provider is mounted on. */
export interface ProviderHost {
  /** Where the app is. */
  readonly origins: Origins
  /** The path above all auth routes. */
  readonly basePath: string
  /** The time now, in whole seconds. */
  readonly clock: () => Seconds
  /**
   * Does a piece of work once, in this process or in the fleet that shares the store: callers with the same key who come
   * while it runs, or up to `lifetime` seconds after it succeeded, get the same result.
   *
   * @throws `auth/store_unavailable`, and what `work` throws
   */
  once<T extends Json>(key: string, options: { readonly lifetime: Seconds; work(): Promise<T> }): Promise<T>
  /**
   * Marks something as used for `lifetime` seconds. True for the first who does.
   *
   * @throws `auth/store_unavailable`
   */
  markUsed(what: string, lifetime: Seconds): Promise<boolean>
  /**
   * Ends the sign-ins of a user, or those that the vendor knows by this `sid`.
   *
   * @throws `auth/store_unavailable`, `core/sessions_external`
   */
  revokeSessions(by: { readonly issuer: string; readonly sid: string } | UserKey): Promise<void>
  /** Whether `revokeSessions` reaches every process: there is a store, and the sessions are not the app's own. */
  readonly revokesEverywhere: boolean
  /** Reports the requests of the provider's client, as `vendor.request`: `reports.subscribe` of the client takes it. */
  readonly observeVendor: VendorObserver
  /** Reports a `provider.*` event that belongs to no request. */
  readonly emit: (event: { readonly type: `provider.${string}`; readonly [key: string]: Json }) => void
}

/** A provider with its routes. */
export interface MountedProvider<Name extends string = string> {
  /**
   * Account issuers of now: an identity of another is gone, with its tokens. Not the `iss` that tokens carry: those are
   * `bearer.issuers`. Empty for a provider that signs nobody in.
   */
  readonly accountIssuers: readonly string[]
  /** What it answers below its own path. */
  readonly routes: readonly ProviderRoute<Name>[]
  /** The route that begins a sign-in, relative to the provider's own path. */
  readonly signInPath?: `/${string}` | undefined
  /** Verifies access tokens that callers of the app's own API present. */
  readonly bearer?: BearerVerifier | undefined
  /** Refreshes tokens that are due. Never called twice at once for the same tokens in one process. */
  refresh?(tokens: Tokens, identity: IdentityOf<Name>): Promise<RefreshResult<IdentityOf<Name>['profile']>>
  /**
   * Ends the vendor's side of a signed-in identity; a `url` is visited by the browser. `failure` reports what went wrong
   * where the browser can go on all the same, and `reason` why in one word, such as `timeout`: no secret.
   */
  signOut?(
    tokens: Tokens | null,
    identity: IdentityOf<Name>,
    context: { readonly returnTo: URL },
  ): Promise<{
    readonly url?: URL | undefined
    readonly failure?: ErrorCode | undefined
    readonly reason?: string | undefined
  }>
  /** Cookies that the vendor's own scripts leave on our host: never read, and expired by these routes and at sign-out. */
  readonly foreignCookies?: readonly string[] | undefined
  /** Origins that a form post of this provider can end at: for CSP `form-action`. */
  formActionOrigins?(session: Session | null): readonly string[]
  /**
   * Whether an identity, or an access token, may be used on a host: asked at every read. `tenant` is what the host's
   * `{tenant}` label says, or null. Anything but `true` is no. Look-ups are cached by the provider.
   */
  isValidFor?(
    presented:
      | { readonly kind: 'identity'; readonly identity: IdentityOf<Name> }
      | { readonly kind: 'bearer'; readonly bearer: BearerToken },
    host: { readonly origin: string; readonly tenant: string | null },
  ): Awaitable<boolean>
}

/** Verifies access tokens of one provider. */
export interface BearerVerifier {
  /** Whose tokens it verifies: the `iss` values, by which core finds the provider of a token. */
  readonly issuers: readonly string[]
  /**
   * Verifies a token whole; throws a coded error for one that is not good.
   *
   * @param read The same token, read already.
   */
  verify(token: string, read: ReadToken): Awaitable<BearerToken>
  /**
   * What `verify` said a short while ago of the very token that has this SHA-256 (base64url), where all of it still holds: its
   * key, and its times. Null otherwise. Without it every request costs a verification.
   */
  recall?(digest: string): Awaitable<BearerToken | null>
}

/** A token that was read. Nothing in it is proven. */
export interface ReadToken {
  /** The token, as it was sent. */
  readonly jwt: UnverifiedJwt
  /** The SHA-256 of the whole token, as base64url. */
  readonly digest: string
}

/** What a verified access token says. It is frozen, deeply: the same token is handed to all requests that present it. */
export interface BearerToken {
  /** The name of the provider whose token it is. */
  readonly provider: string
  /** Its `iss`. */
  readonly issuer: string
  /** Whom it is about: a user, or the client itself. */
  readonly subject: string
  /** Whether a user or a machine holds it; null where nothing says so, which passes the requirement `any` alone. */
  readonly kind: 'user' | 'machine' | null
  /** The client that it was issued to. */
  readonly clientId?: string | undefined
  /** The tenant's id. */
  readonly tenant?: string | undefined
  /** What it allows. */
  readonly scopes: readonly string[]
  /** When it expires. */
  readonly expiresAt: Seconds
  /** All of its claims. */
  readonly claims: JsonObject
}

/**
 * How a refresh ended: with new tokens; without, for now (the vendor is out, the tokens stay as they are, and it is not
 * tried again at once); or for good (the vendor has ended the identity).
 */
export type RefreshResult<Profile extends BaseProfile = BaseProfile> =
  | { readonly kind: 'refreshed'; readonly tokens: Tokens; readonly profile?: Profile | undefined }
  | {
      readonly kind: 'failed'
      readonly code: ErrorCode
      /** A word for the event, such as `timeout`: no secret. */
      readonly reason?: string | undefined
      readonly retryAfterSeconds?: Seconds | undefined
    }
  | { readonly kind: 'ended'; readonly reason: string }

/** One route of a provider. */
export interface ProviderRoute<Name extends string = string> {
  /** The one method that it takes. */
  readonly method: 'GET' | 'POST'
  /** Relative to `{basePath}/{provider}`; fixed, without parameters. */
  readonly path: `/${string}`
  /** Where its requests may come from; what is checked before `handle` runs. */
  readonly accepts: RequestSource
  /**
   * What `rateLimit` is told that a request of this route is. Default: `login` for a navigation, `callback`, else `launch`
   * for a POST; `token` must be said. A GET that accepts any request is not limited.
   */
  readonly attempt?: 'login' | 'token' | 'launch' | undefined
  /** Answers; what it throws becomes an error response. */
  handle(request: Request, context: RouteContext): Promise<Outcome<Name>>
}

/** What core does for a route while it handles one request. */
export interface RouteContext {
  /** Our own origin at which this request arrived, without a trailing slash. */
  readonly origin: string
  /** What redirect URIs begin with: `origin`, or the `callbackOrigin` of `createAuth`. */
  readonly callbackOrigin: string
  /** The tenant that the request's own host names, where `baseUrl` has a `{tenant}` label; else null. */
  readonly tenant: string | null
  /** The session of the browser; null where nobody is signed in. */
  readonly session: Session | null
  /** The framework's own request, as the adapter passed it. */
  readonly frameworkRequest: FrameworkRequest
  /** Reports a `provider.*` event; core itself reports sign-ins, refreshes and endings. */
  readonly emit: (event: { readonly type: `provider.${string}`; readonly [key: string]: Json }) => void
  /**
   * Transactions of this provider under one name, each sealed in a cookie of its own, bound to this origin and to the
   * session that is alive now.
   */
  transactions<Data extends JsonObject>(name: string): Transactions<Data>
  /** A URL-safe `state`: random, with the count of restarts and this origin inside, authenticated by core. */
  newState(): Promise<string>
  /**
   * A ticket of at most 450 characters for a login that goes elsewhere first, such as to a page on which users find their
   * tenant: as the `state` of the query that comes back to the login route it brings the return target along, and the proof
   * that a page of ours began the login. Good for 10 minutes, at this provider and origin; the proof once, in this session.
   */
  newTicket(returnTo: ReturnTarget): Promise<string>
  /**
   * Checks a `state` that came back.
   *
   * @throws `{provider}/missing_state`, `{provider}/invalid_state`
   */
  checkState(state: string | null): Promise<string>
  /**
   * Makes a return target of a request's value: a path on our own origin, or a URL on `returnOrigins`. None, or an empty one,
   * is that of the ticket which the request brought, else `/`.
   *
   * @throws `auth/return_url_invalid`
   */
  returnTarget(value: string | null | undefined): ReturnTarget
  /**
   * The fields of a form or JSON body.
   *
   * @throws `core/body_unreadable`, `core/body_too_large`
   */
  fields(): Promise<ReadonlyMap<string, string>>
  /** This provider's tokens in the session, if it keeps any. */
  tokens(): Promise<Tokens | null>
  /** What the app's `sessionResponse` adds to `GET {basePath}/session`; null without a session, or without that option. */
  sessionResponse(): JsonObject | null
  /**
   * A text by which a script shows that it can read what this session is answered: a MAC of the session's id. It opens
   * nothing by itself, so a script may keep it in the open. Null without a session.
   */
  sessionProof(): Promise<string | null>
  /** Whether a text is the `sessionProof` of the session that is alive now. Compared in constant time. */
  isSessionProof(given: string | null): Promise<boolean>
}

/** What is remembered between the start of a login and its end. */
export interface Transactions<Data> {
  /**
   * Remembers `data` under `id` for `lifetime` seconds, 600 by default. At most 5 per provider: the oldest goes. Where `id` is
   * the `state` of the login, a callback that comes again within 30 seconds gets the same answer.
   */
  put(id: string, data: Data, lifetime?: Seconds): Promise<void>
  /**
   * Redeems the transaction: it can be had once. Null if this browser has none by that id.
   *
   * @throws `auth/login_expired`, `auth/login_replayed`, `auth/session_changed`
   */
  take(id: string): Promise<Data | null>
  /** Forgets all transactions of this name in this browser. */
  clear(): Promise<void>
}

/** How a route ends: core turns it into a response, with the session and cookies that follow from it. */
export type Outcome<Name extends string = string> =
  /** The browser goes to the vendor. */
  | { readonly kind: 'redirect'; readonly to: URL }
  /** The vendor has authenticated a user. Core decides about the session and asks `onSignIn`. */
  | {
      readonly kind: 'signed-in'
      readonly identity: Omit<IdentityOf<Name>, 'provider' | 'signedInAt'>
      readonly tokens?: Tokens | undefined
      /** The vendor's `sid`, at most 128 characters, for back-channel logout. Sealed, never shown. */
      readonly sid?: string | undefined
      /** Null if a script waits for the answer, which is 204 then. */
      readonly returnTo: ReturnTarget | null
    }
  /**
   * The vendor vouches again for the user whom the session holds, without a new authentication: 204. Only the profile
   * and the idle time are new.
   */
  | { readonly kind: 'extended'; readonly profile: IdentityOf<Name>['profile'] }
  /** Begin again at this provider's own `signInPath`, at most once in a row; then the error page. */
  | {
      readonly kind: 'restart'
      /** Reported as the code `{provider}/{reason}`. */
      readonly reason: string
      readonly query?: Readonly<Record<string, string>> | undefined
      readonly returnTo?: ReturnTarget | undefined
    }
  | { readonly kind: 'json'; readonly body: JsonObject }
  /**
   * A GET asks for the user's sign-out. It ends the session where it opens a page from a page of our own; for every other
   * request the answer is a page with a button that posts core's own sign-out. A `returnUrl` that is none leads to `/`.
   */
  | { readonly kind: 'sign-out'; readonly returnUrl: string | null }
  | Response
