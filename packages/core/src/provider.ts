export type { AuthErrorOptions, ErrorDefinition, ErrorFactory } from './errors/auth-error.ts'
export { AuthError, defineErrors, isAuthError } from './errors/auth-error.ts'
export { checkOptions, invalidOption } from './errors/options.ts'
export type { ErrorCode } from './model/event.ts'
export type { BaseProfile, Credentials, Evidence, Identity, PersonKey } from './model/identity.ts'
export type { Awaitable, Json, JsonObject } from './model/json.ts'
export type { Session } from './model/session.ts'
export type { Seconds } from './model/time.ts'
export { systemClock } from './model/time.ts'
export { isLoopback, parseWebUrl } from './model/url.ts'
export type {
  AuthProvider,
  BearerClaims,
  BearerVerifier,
  MountedProvider,
  Outcome,
  ProviderHost,
  ProviderRoute,
  Renewal,
  RouteContext,
  Transactions,
} from './provider/contract.ts'
export type { Origins, ResolvedOrigin } from './request/origins.ts'
export { checkOrigin } from './request/origins.ts'
export type { RequestSource } from './request/request-source.ts'
export type { ReturnTarget } from './request/return-to.ts'
export type { Vault } from './vault/vault.ts'
