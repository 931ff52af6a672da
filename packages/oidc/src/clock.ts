/** The system's time in whole seconds since the epoch. */
export function systemClock(): number {
  return Math.floor(Date.now() / 1000)
}
