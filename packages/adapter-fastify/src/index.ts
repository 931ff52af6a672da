/**
 * Latchkey on Fastify: `app.register(latchkey, { auth })` mounts the routes; guards are hooks, and what a handler asks
 * about its request are functions.
 *
 * @module
 */

export type { GuardOptions, SessionEnd, SessionOrBearerRequirement, WatchOptions } from '@latchkey/core/adapter'
export type { GuardHook } from './guards.ts'
export { authOf, bearerOf, requireBearer, requireSession, requireSessionOrBearer, sessionOf } from './guards.ts'
export type { AnyReply, AnyRequest } from './mounted-auth.ts'
export type { LatchkeyOptions } from './plugin.ts'
export { latchkey } from './plugin.ts'
export { getAccessToken, getSession, updateSession, watchSession } from './session.ts'
