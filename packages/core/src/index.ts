/**
 * Sign-in for back ends: routes, sealed sessions, cookies and coded errors, for any provider and any framework.
 *
 * @module
 */

export type {
  Auth,
  AuthOptions,
  AuthPages,
  BearerGrant,
  CredentialsReading,
  Grant,
  SessionGrant,
  SessionReading,
} from './auth.ts'
export type { Awaitable } from './awaitable.ts'
export { createAuth } from './create-auth.ts'
export type { AuthErrorOptions, ErrorCode } from './errors/auth-error.ts'
export { AuthError, isAuthError } from './errors/auth-error.ts'
export type { AuthEvent, CoreEvent, EventListener, ProviderEvent } from './events/auth-event.ts'
export type { BearerRequirement } from './guard/bearer-requirement.ts'
export type { SessionRequirement } from './guard/requirement.ts'
export type { Json, JsonObject } from './json.ts'
export type { AuthProvider, BearerClaims } from './provider/contract.ts'
export type { HeaderList, Incoming } from './request/incoming.ts'
export type {
  BaseProfile,
  Credentials,
  Evidence,
  Identities,
  Identity,
  PersonKey,
  ProviderName,
  Seconds,
} from './session/identity.ts'
export type { Session, SessionData } from './session/session.ts'
export type { SessionOptions } from './session/session-options.ts'
export type { OnSignIn, SignInDecision, SignInRequest } from './session/sign-in.ts'
export type { MemoryStoreOptions } from './store/memory-store.ts'
export { createMemoryStore } from './store/memory-store.ts'
export type { Store } from './store/store.ts'
export type { SealScope, Vault, VaultOptions } from './vault/vault.ts'
export { createVault } from './vault/vault.ts'
