/**
 * Sign-in for back ends: routes, sealed sessions, cookies and coded errors, for any provider and any framework. This is
 * the entry for apps.
 *
 * @module
 */

export type { Auth, AuthOptions } from './auth.ts'
export type { Attempt, RateLimit } from './context/rate-limit.ts'
export { createAuth } from './create-auth.ts'
export type { AuthErrorOptions } from './errors/auth-error.ts'
export { AuthError, isAuthError } from './errors/auth-error.ts'
export type { BearerRequirement } from './guard/require-bearer.ts'
export type { SessionRequirement } from './guard/require-session.ts'
export type {
  AccessTokenResult,
  Authenticated,
  AuthenticatedBearer,
  AuthenticatedSession,
  SessionResult,
} from './guard/results.ts'
export type {
  AuthEvent,
  ClockSkewed,
  ErrorCode,
  EventContext,
  EventListener,
  EventOf,
  EventReason,
  ProviderEvent,
  RateLimitFailed,
  RequestRefused,
  RouteAnswered,
  SecretOutdated,
  SessionEnded,
  SessionLarge,
  SessionProfileKept,
  SessionRefreshed,
  SessionTokensDropped,
  SignInRefused,
  SignInRestarted,
  SignInSucceeded,
  SignOutIncomplete,
  StepUpRequired,
  StoreFailed,
  VendorRequest,
} from './model/event.ts'
export { withoutUser } from './model/event.ts'
export type { FrameworkRequest, FrameworkRequests } from './model/framework-request.ts'
export type {
  AnyIdentity,
  AuthTimeSource,
  BaseProfile,
  Identities,
  Identity,
  IdentityOf,
  ProviderName,
  Tokens,
  UserKey,
} from './model/identity.ts'
export { userKey } from './model/identity.ts'
export type { Awaitable, Json, JsonObject } from './model/json.ts'
export type { RouteKind } from './model/route-kind.ts'
export type { Session, SessionData, SessionPatch } from './model/session.ts'
export type { Seconds } from './model/time.ts'
export type { AuthProvider, BearerToken, InstalledProvider } from './provider/contract.ts'
export type { HeaderEntries, RequestLike } from './request/request-like.ts'
export type { AuthPages } from './request/response.ts'
export type { PublicIdentity, PublicSession } from './routes/public-session.ts'
export { publicSession } from './routes/public-session.ts'
export type {
  CookieSessionOptions,
  ExternalSessionOptions,
  SessionLifetimes,
  SessionOptions,
  StoreSessionOptions,
} from './session/settings.ts'
export type { OnSignIn, SignInDecision, SignInRequest } from './session/sign-in.ts'
export type { MemoryStoreOptions } from './vault/memory-store.ts'
export { createMemoryStore } from './vault/memory-store.ts'
export type { HealthyStore, Store, StoreHealth } from './vault/store.ts'
