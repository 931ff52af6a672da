export type { Awaitable } from './awaitable.ts'
export { systemClock } from './clock.ts'
export type { AuthErrorOptions, ErrorCode } from './errors/auth-error.ts'
export { AuthError, isAuthError } from './errors/auth-error.ts'
export type { ErrorDefinition, ErrorFactory } from './errors/define-errors.ts'
export { defineErrors } from './errors/define-errors.ts'
export type { Json, JsonObject } from './json.ts'
export { checkOptions, invalidOption } from './options.ts'
export type {
  AuthProvider,
  BearerClaims,
  BearerVerifier,
  MountedProvider,
  Outcome,
  ProviderHost,
  ProviderRoute,
  Renewal,
  RequestSource,
  RouteContext,
  Transactions,
} from './provider/contract.ts'
export type { Origins, ResolvedOrigin } from './request/origins.ts'
export { checkOrigin } from './request/origins.ts'
export type { ReturnTarget } from './request/return-target.ts'
export { isLoopback, parseWebUrl } from './request/web-url.ts'
export type { BaseProfile, Credentials, Evidence, Identity, PersonKey, Seconds } from './session/identity.ts'
export type { Session } from './session/session.ts'
export type { Vault } from './vault/vault.ts'
