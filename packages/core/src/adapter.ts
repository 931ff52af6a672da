/**
 * What an adapter for a framework needs: it moves headers and decides nothing.
 *
 * @module
 */

export type { Auth, BearerGrant, Grant, SessionGrant, SessionReading } from './auth.ts'
export { isAuthError } from './errors/auth-error.ts'
export { notMounted } from './errors/not-mounted.ts'
export type { BearerRequirement } from './guard/bearer-requirement.ts'
export type { SessionRequirement } from './guard/requirement.ts'
export type { BearerClaims } from './provider/contract.ts'
export type { HeaderList, Incoming } from './request/incoming.ts'
export type { Session } from './session/session.ts'
export type { SessionWithoutLogin } from './session/session-without-login.ts'
export { beginWithoutLogin } from './session/session-without-login.ts'
