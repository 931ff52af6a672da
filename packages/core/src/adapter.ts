/**
 * What an adapter for a framework needs: it moves headers and decides nothing.
 *
 * @module
 */

export type { Auth } from './auth.ts'
export { isAuthError } from './errors/auth-error.ts'
export { notMounted } from './errors/core-errors.ts'
export type { BearerRequirement } from './guard/require-bearer.ts'
export type { SessionRequirement } from './guard/require-session.ts'
export type { BearerGrant, Grant, SessionGrant, SessionReading } from './guard/results.ts'
export type { Session } from './model/session.ts'
export type { BearerClaims } from './provider/contract.ts'
export type { HeaderList, Incoming } from './request/request-like.ts'
export type { SessionWithoutLogin } from './testing.ts'
export { beginWithoutLogin } from './testing.ts'
