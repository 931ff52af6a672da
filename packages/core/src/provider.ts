/**
 * What the author of a provider needs.
 *
 * @module
 */

export type { AuthErrorOptions, ErrorDefinition, ErrorFactory } from './errors/auth-error.ts'
export { AuthError, defineErrors, faultOf, isAuthError } from './errors/auth-error.ts'
export type { OptionLibrary, OptionRule, OptionRules } from './errors/options.ts'
export { checkOptions, invalidOption, option, required, rule } from './errors/options.ts'
export type { VendorReports } from './http/vendor-reports.ts'
export { createVendorReports } from './http/vendor-reports.ts'
export type { Around } from './model/around.ts'
export { andThen } from './model/awaitable.ts'
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
export type { ClientOr } from './provider/client-of.ts'
export { clientOf, optionalRules } from './provider/client-of.ts'
export type {
  AuthProvider,
  BearerToken,
  BearerVerifier,
  MountedProvider,
  Outcome,
  ProviderHost,
  ProviderRoute,
  ReadToken,
  RefreshResult,
  RouteContext,
  Transactions,
} from './provider/contract.ts'
export { algorithmList, clockTolerance, scopeList } from './provider/protocol-options.ts'
export { opensDocument } from './request/navigation.ts'
export type { Origins, ResolvedOrigin } from './request/origins.ts'
export { checkOrigin } from './request/origins.ts'
export type { RequestLike } from './request/request-like.ts'
export type { RequestSource } from './request/request-source.ts'
export type { ReturnTarget } from './request/return-to.ts'
export type { KeptKind, WorkOptions } from './vault/shared-work.ts'
export type { Store } from './vault/store.ts'
export type { SealScope, StoredKind, Vault } from './vault/vault.ts'
export type { WorkSharingOptions } from './vault/work.ts'
export { createWork } from './vault/work.ts'
