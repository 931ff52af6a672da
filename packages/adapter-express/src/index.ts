/**
 * Latchkey on Express: `app.use(latchkey({ auth }))` answers the routes; guards are middleware, and what a handler asks
 * about its request are functions.
 *
 * @module
 */

export type { GuardOptions, SessionEnd, SessionOrBearerRequirement, WatchOptions } from '@latchkey/core/adapter'
export { authOf, bearerOf, requireBearer, requireSession, requireSessionOrBearer, sessionOf } from './guards.ts'
export type { LatchkeyOptions } from './latchkey.ts'
export { latchkey } from './latchkey.ts'
export type { Middleware } from './middleware.ts'
export type { AnyRequest, AnyResponse } from './mounted-auth.ts'
export { getAccessToken, getSession, updateSession, watchSession } from './session.ts'
export type { Upgrade, UpgradeListener } from './upgrade.ts'
export { upgradeListener, upgradeOf } from './upgrade.ts'
