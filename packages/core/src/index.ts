export { AuthError, isAuthError } from './errors/auth-error.ts'
export type { Identities, Identity } from './session/identity.ts'
export type { Session, SessionData } from './session/session.ts'
