const tickMilliseconds = 50

/** What {@link CallTime.over} gives. */
export const isOver: unique symbol = Symbol('over')

/** The time that one call has. */
export interface CallTime {
  /** Milliseconds that are left; none or less if it is over. */
  remaining(): number
  /** Resolves when the time is over. Never, if it was stopped before. */
  readonly over: Promise<typeof isOver>
  /** Ends the time: the call has answered. */
  stop(): void
}

/**
 * Starts the time of a call. It is counted in ticks: when this process stands still for longer than a tick, that is not
 * the server's fault, and the answer may be here, unread.
 */
export function startCallTime(milliseconds: number): CallTime {
  let left = milliseconds
  let tickedAt = performance.now()
  let timer: ReturnType<typeof setTimeout> | undefined
  const remaining = (): number => left - Math.min(performance.now() - tickedAt, 2 * tickMilliseconds)

  const over = new Promise<typeof isOver>((resolve) => {
    const tick = (): void => {
      left = remaining()
      tickedAt = performance.now()
      if (left > 0) wait()
      // What has arrived is read first.
      else setImmediate(() => resolve(isOver))
    }
    const wait = (): void => {
      timer = setTimeout(tick, Math.min(tickMilliseconds, left))
    }
    wait()
  })
  return { remaining, over, stop: () => clearTimeout(timer) }
}
