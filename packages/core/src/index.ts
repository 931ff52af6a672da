/**
 * Sign-in for back ends: routes, sealed sessions, cookies and coded errors, for any provider and any framework.
 *
 * @module
 */

export type { Auth, AuthOptions } from './auth.ts'
export { createAuth } from './create-auth.ts'
export type { AuthErrorOptions } from './errors/auth-error.ts'
export { AuthError, isAuthError } from './errors/auth-error.ts'
export type { BearerRequirement } from './guard/require-bearer.ts'
export type { SessionRequirement } from './guard/require-session.ts'
export type { BearerGrant, CredentialsReading, Grant, SessionGrant, SessionReading } from './guard/results.ts'
export type { AuthEvent, CoreEvent, ErrorCode, EventListener, ProviderEvent } from './model/event.ts'
export type {
  BaseProfile,
  Credentials,
  Evidence,
  Identities,
  Identity,
  PersonKey,
  ProviderName,
} from './model/identity.ts'
export type { Awaitable, Json, JsonObject } from './model/json.ts'
export type { Session, SessionData } from './model/session.ts'
export type { Seconds } from './model/time.ts'
export type { AuthProvider, BearerClaims } from './provider/contract.ts'
export type { HeaderList, Incoming } from './request/request-like.ts'
export type { AuthPages } from './request/response.ts'
export type { SessionOptions } from './session/settings.ts'
export type { OnSignIn, SignInDecision, SignInRequest } from './session/sign-in.ts'
export type { MemoryStoreOptions } from './vault/memory-store.ts'
export { createMemoryStore } from './vault/memory-store.ts'
export type { Store } from './vault/store.ts'
export type { SealScope, Vault, VaultOptions } from './vault/vault.ts'
export { createVault } from './vault/vault.ts'
