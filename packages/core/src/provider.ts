/**
 * What the author of a provider needs.
 *
 * @module
 */

export type { AuthErrorOptions, ErrorDefinition, ErrorFactory } from './errors/auth-error.ts'
export { AuthError, defineErrors, faultOf, isAuthError } from './errors/auth-error.ts'
export type { OptionRule, OptionRules } from './errors/options.ts'
export { checkOptions, invalidOption, option, required, rule } from './errors/options.ts'
export { BoundedMap, processWide } from './model/bounded-map.ts'
export type { BudgetOptions } from './model/budget.ts'
export { createBudget } from './model/budget.ts'
export type { ErrorCode } from './model/event.ts'
export type { FrameworkRequest } from './model/framework-request.ts'
export type { AuthTimeSource, BaseProfile, Identity, IdentityOf, Tokens, UserKey } from './model/identity.ts'
export type { Awaitable, Json, JsonObject } from './model/json.ts'
export { deepFreeze } from './model/json.ts'
export type { Session } from './model/session.ts'
export type { Seconds } from './model/time.ts'
export { systemClock } from './model/time.ts'
export { isLoopback, parseWebUrl } from './model/url.ts'
export { clientOf, optionalRules } from './provider/client-of.ts'
export type {
  AuthProvider,
  BearerToken,
  BearerVerifier,
  ClientOr,
  MountedProvider,
  Outcome,
  ProviderHost,
  ProviderRoute,
  ReadToken,
  RefreshResult,
  RouteContext,
  Transactions,
} from './provider/contract.ts'
export { opensDocument } from './request/navigation.ts'
export type { Origins, ResolvedOrigin } from './request/origins.ts'
export { checkOrigin } from './request/origins.ts'
export type { RequestLike } from './request/request-like.ts'
export type { RequestSource } from './request/request-source.ts'
export type { ReturnTarget } from './request/return-to.ts'
export type { WorkOptions } from './vault/shared-work.ts'
export type { Store } from './vault/store.ts'
export { createWork } from './vault/work.ts'
