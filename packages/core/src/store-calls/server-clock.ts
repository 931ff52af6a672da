const trustedMilliseconds = 60_000

/**
 * What the server's clock says, as far as its answers of the last minute tell. No clock of this machine is compared with
 * it: only the time that has passed here since an answer is added.
 */
export interface ServerClock {
  /** The server's time now, in milliseconds since the epoch: at least that late, never later. Null if nothing tells it. */
  now(): number | null
  /** Takes note of what the server's clock said in an answer to a statement that was sent at `sentAt`. */
  learn(reading: number, sentAt: number): void
  /** Forgets what was learnt, because it was wrong. */
  forget(): void
}

/** Makes a clock that knows nothing yet. */
export function createServerClock(): ServerClock {
  let known: { readonly offset: number; readonly at: number } | null = null
  return {
    now() {
      const here = performance.now()
      return known === null || here - known.at > trustedMilliseconds ? null : here + known.offset
    },
    learn(reading, sentAt) {
      const receivedAt = performance.now()
      // The server read its clock at some moment between the two.
      const [least, most] = [reading - receivedAt, reading - sentAt]
      const isAging = known === null || receivedAt - known.at > trustedMilliseconds / 2
      if (known === null || isAging || least > known.offset || most < known.offset) {
        known = { offset: least, at: receivedAt }
      }
    },
    forget() {
      known = null
    },
  }
}
