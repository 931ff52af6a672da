/**
 * Latchkey on Next.js: `createNextAuth` gives the route handlers, the proxy and the session of a page.
 *
 * @module
 */
export type { NextAuth, NextAuthOptions } from './create-next-auth.ts'
export { createNextAuth } from './create-next-auth.ts'
export type { RequireSessionOptions } from './rendered-session.ts'
export type { NextProxy } from './renew-in-proxy.ts'
export type { Grants, GuardedHandler, Requirement, Requirements } from './route.ts'
