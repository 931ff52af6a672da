import type { ErrorCode } from '../model/event.ts'
import type { BaseProfile, Credentials, Identity } from '../model/identity.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { Session } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'
import type { Origins } from '../request/origins.ts'
import type { RequestSource } from '../request/request-source.ts'
import type { ReturnTarget } from '../request/return-to.ts'
import type { Vault } from '../vault/vault.ts'

/**
 * An identity system, as `createAuth` takes it. Its options are checked when it is made or mounted, never at the first
 * request.
 */
export interface AuthProvider<Name extends string = string> {
  /** Lower-case letters, digits and hyphens; its routes live under `{basePath}/{name}`. */
  readonly name: Name
  mount(host: ProviderHost): MountedProvider<Name>
}

/** What a provider is mounted on. */
export interface ProviderHost {
  readonly origins: Origins
  readonly basePath: string
  readonly vault: Vault
  readonly clock: () => Seconds
}

/** A provider with its routes. */
export interface MountedProvider<Name extends string = string> {
  readonly routes: readonly ProviderRoute<Name>[]
  /** The route that begins a sign-in, relative to the provider's own path. */
  readonly signInPath?: `/${string}`
  /** Verifies access tokens that callers of the app's own API present. */
  readonly bearer?: BearerVerifier
  /**
   * Whether an identity may be used on a host: asked at every read. `tenant` is what the host's `{tenant}` label says,
   * or null. An identity that may not is dropped, and with the primary one the session.
   */
  holds?(identity: Identity, on: { readonly tenant: string | null }): boolean
  /** Renews tokens that are due. Never called twice at once for the same tokens in one process. */
  renew?(credentials: Credentials, identity: Identity): Promise<Renewal>
  /**
   * Ends the vendor's side of a signed-in identity; a `url` is visited by the browser. `failure` reports what went wrong
   * where the browser can go on all the same.
   */
  signOut?(
    credentials: Credentials | null,
    identity: Identity,
    context: { returnTo: URL },
  ): Promise<{ url?: URL; failure?: ErrorCode }>
  /** Cookies that the vendor's own scripts leave on our host: never read, and expired by these routes and at sign-out. */
  readonly foreignCookies?: readonly string[]
  /** Origins that a form post of this provider can end at: for CSP `form-action`. */
  leaveOrigins?(session: Session | null): readonly string[]
}

/** Verifies access tokens of one provider. */
export interface BearerVerifier {
  /** Whose tokens it verifies: the `iss` values, by which core finds the provider of a token. */
  readonly issuers: readonly string[]
  /** Verifies a token whole; throws a coded error for one that is not good. */
  verify(token: string): Promise<BearerClaims>
}

/** What a verified access token says. */
export interface BearerClaims {
  readonly provider: string
  readonly issuer: string
  readonly subject: string
  /** Whether a person or a machine holds it. */
  readonly kind: 'user' | 'machine'
  readonly clientId?: string
  /** The tenant's id. */
  readonly tenant?: string
  readonly scopes: readonly string[]
  readonly expiresAt: Seconds
  readonly claims: JsonObject
}

/**
 * How a renewal ended: with new tokens; without, for now (the vendor is out, the tokens stay as they are, and it is not
 * tried again at once); or for good (the vendor has ended the identity).
 */
export type Renewal =
  | { readonly kind: 'renewed'; readonly credentials: Credentials; readonly profile?: BaseProfile }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly retryAfterSeconds?: Seconds }
  | { readonly kind: 'ended'; readonly reason: string }

/** One route of a provider. */
export interface ProviderRoute<Name extends string = string> {
  readonly method: 'GET' | 'POST'
  /** Relative to `{basePath}/{provider}`; fixed, without parameters. */
  readonly path: `/${string}`
  readonly from: RequestSource
  handle(request: Request, context: RouteContext): Promise<Outcome<Name>>
}

/** What core does for a route while it handles one request. */
export interface RouteContext {
  /** The tenant that the request's own host names, where `baseUrl` has a `{tenant}` label; else null. */
  readonly tenant: string | null
  /** Our own origin at which this request arrived, without a trailing slash. */
  readonly origin: string
  /**
   * The origin for redirect URIs that cannot vary: `callbackOrigin`, from where core sends the browser on to `origin`; the
   * same as `origin` where there is none.
   */
  readonly callbackOrigin: string
  readonly session: Session | null
  /** The framework's own request, as the adapter passed it. */
  readonly native: unknown
  /** Reports a `provider.*` event; core itself reports sign-ins, renewals and endings. */
  emit(event: { readonly type: `provider.${string}`; readonly [key: string]: Json }): void
  /**
   * Transactions of this provider under one name, each sealed in a cookie of its own, bound to this audience and to
   * the session that is alive now.
   */
  transactions<Data extends JsonObject>(name: string): Transactions<Data>
  /** A URL-safe `state`: random, with the count of restarts and this host inside, authenticated by core. */
  newState(): Promise<string>
  /**
   * Checks a `state` that came back.
   *
   * @throws `{provider}/missing_state`, `{provider}/invalid_state`
   */
  checkState(state: string | null): Promise<string>
  /**
   * Makes a return target of a request's value: a path on our own origin, or a URL on `returnOrigins`. None is `/`.
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
  credentials(): Promise<Credentials | null>
}

/** What is remembered between the start of a login and its end. */
export interface Transactions<Data extends JsonObject> {
  /** Remembers `data` under `id` for `lifetime` seconds, 600 by default. At most 3 per provider: the oldest goes. */
  put(id: string, data: Data, lifetime?: Seconds): Promise<void>
  /**
   * Redeems the transaction: it can be had once. Null where this browser has none by that id.
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
  | { readonly kind: 'leave'; readonly to: URL }
  /** The vendor has proven a person. Core decides about the session and asks `onSignIn`. */
  | {
      readonly kind: 'signed-in'
      readonly identity: Omit<Identity, 'provider' | 'signedInAt'> & { readonly provider?: Name }
      readonly credentials?: Credentials
      /** Null where a script waits for the answer, which is 204 then. */
      readonly returnTo: ReturnTarget | null
    }
  /**
   * The vendor has vouched again for the person whom the session holds, without a new proof: 204. Only the profile and
   * the idle time are new.
   */
  | { readonly kind: 'prolonged'; readonly profile: BaseProfile }
  /** Begin again at this provider's own `signInPath`, at most once in a row; then the error page. */
  | {
      readonly kind: 'restart'
      /** Reported as the code `{provider}/{reason}`. */
      readonly reason: string
      readonly query?: Readonly<Record<string, string>>
      readonly returnTo?: ReturnTarget
    }
  | { readonly kind: 'json'; readonly body: JsonObject }
  | Response
