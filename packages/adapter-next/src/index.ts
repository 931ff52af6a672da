/**
 * Latchkey on Next.js: `latchkey` gives the route handlers, the proxy and the session of a page.
 *
 * @module
 */
export type { NextAuth, NextAuthOptions } from './create-next-auth.ts'
export { latchkey } from './create-next-auth.ts'
export type { RequireSessionOptions } from './rendered-session.ts'
export type { NextProxy } from './refresh-in-proxy.ts'
export type { Grants, GuardedHandler, Requirement, Requirements } from './route.ts'
