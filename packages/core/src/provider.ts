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
  MountedProvider,
  Outcome,
  ProviderHost,
  ProviderRoute,
  RequestSource,
  RouteContext,
  Transactions,
} from './provider/contract.ts'
export type { Origins, ResolvedOrigin } from './request/origins.ts'
export { checkOrigin, isLoopback } from './request/origins.ts'
export { parseUrl } from './request/parse-url.ts'
export type { ReturnTarget } from './request/return-target.ts'
export type { BaseProfile, Credentials, Evidence, Identity, PersonKey, Seconds } from './session/identity.ts'
export type { Session } from './session/session.ts'
export type { Vault } from './vault/vault.ts'
