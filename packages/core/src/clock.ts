import type { Seconds } from './session/identity.ts'

/** The time now, in whole seconds since the Unix epoch. */
export function systemClock(): Seconds {
  return Math.floor(Date.now() / 1000)
}
