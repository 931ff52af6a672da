/** An emulated system's time. Tokens, codes and sessions of that system follow it. */
export interface EmulatorClock {
  /** Whole seconds since 1970. */
  now(): number
  /** Moves this system's time by so many seconds; negative goes back. */
  advance(seconds: number): void
}

/** Follows `source` (whole seconds), moved by what `advance` was told. */
export function createClock(source: () => number): EmulatorClock {
  let offset = 0
  return {
    now: () => source() + offset,
    advance(seconds) {
      offset += seconds
    },
  }
}
