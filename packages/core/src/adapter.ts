export { isAuthError } from './errors/auth-error.ts'
