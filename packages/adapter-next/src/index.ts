/**
 * Latchkey on Next.js: `latchkey` gives the route handlers, the proxy and the session of a page.
 *
 * @module
 */
export type { RequireSessionOptions } from './current-session.ts'
export type { LatchkeyOptions, NextLatchkey } from './latchkey.ts'
export { latchkey } from './latchkey.ts'
export type { NextProxy } from './refresh-in-proxy.ts'
export type {
  Granted,
  GuardedHandler,
  KnownMembers,
  KnownMembersOf,
  Requirement,
  RequirementMembers,
  RouteParams,
} from './route.ts'
