/**
 * Latchkey on Fastify: `app.register(latchkey, { auth })` mounts the routes; `requireSession` and `requireBearer` guard a
 * route.
 *
 * @module
 */
export type { GuardHook } from './guards.ts'
export { getBearer, authOf, getSession, readSession, requireBearer, requireSessionOrBearer, requireSession } from './guards.ts'
export type { LatchkeyOptions } from './plugin.ts'
export { latchkey } from './plugin.ts'
