/**
 * What stores of databases bound their calls with: those of ours, on Node.
 *
 * @module
 */

export type { CallTime } from './store-calls/call-time.ts'
export { isOver, startCallTime } from './store-calls/call-time.ts'
export { createServerClock, type ServerClock } from './store-calls/server-clock.ts'
