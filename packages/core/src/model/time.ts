/** A whole number of seconds; a point in time is counted from the Unix epoch. */
export type Seconds = number

/** The time now, in whole seconds since the Unix epoch. */
export function systemClock(): Seconds {
  return Math.floor(Date.now() / 1000)
}

/** The time that is left for a piece of work. */
export interface Deadline {
  /** Aborted when the time is over, and when the work has ended in any other way. */
  readonly signal: AbortSignal
  remainingSeconds(): number
}

/**
 * Gives work so many seconds, also when it does not listen to its signal.
 *
 * @param late Makes the error of work that took longer.
 */
export async function withDeadline<Result>(
  seconds: number,
  late: () => Error,
  work: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const end = performance.now() + seconds * 1000
  let timer: ReturnType<typeof setTimeout> | undefined
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), seconds * 1000)
  })
  try {
    const { signal } = controller
    return await Promise.race([expiry, work({ signal, remainingSeconds: () => (end - performance.now()) / 1000 })])
  } finally {
    clearTimeout(timer)
    controller.abort()
  }
}

/** Waits, unless the signal is aborted first. */
export function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000)
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
