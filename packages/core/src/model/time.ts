/** A whole number of seconds; a point in time is counted from the Unix epoch. */
export type Seconds = number

/** The time now, in whole seconds since the Unix epoch. */
export function systemClock(): Seconds {
  return Math.floor(Date.now() / 1000)
}

/** The time that a piece of work has. */
export interface Deadline {
  /** Aborted when the time is over, and when the work has failed. */
  readonly signal: AbortSignal
  remainingSeconds(): number
  /** Waits for work until the time is over, also for work that does not listen to the signal. */
  race<Result>(work: Promise<Result>): Promise<Result>
}

/**
 * Starts the time of a piece of work.
 *
 * @param late Makes the error of work that took longer.
 */
export function startDeadline(seconds: number, late: () => Error): Deadline {
  return new RunningDeadline(seconds, late)
}

/** A class: V8 keeps an accessor of a literal, with all that it closes over, until its next full collection. */
class RunningDeadline implements Deadline {
  readonly #seconds: number
  readonly #late: () => Error
  readonly #end: number
  /** Made for who listens: most work does not. */
  #controller: AbortController | undefined

  constructor(seconds: number, late: () => Error) {
    this.#seconds = seconds
    this.#late = late
    this.#end = performance.now() + seconds * 1000
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  remainingSeconds(): number {
    return (this.#end - performance.now()) / 1000
  }

  race<Result>(work: Promise<Result>): Promise<Result> {
    // By hand: `Promise.race` and a `finally` take three times as long.
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        clearTimeout(timer)
        reject(error)
        // One for all: to make a DOMException takes longer than the rest of a deadline.
        this.#controller?.abort((ended ??= new DOMException('The work has ended', 'AbortError')))
      }
      const timer = setTimeout(() => fail(this.#late()), this.#seconds * 1000)
      work.then((result) => {
        clearTimeout(timer)
        resolve(result)
      }, fail)
    })
  }
}

let ended: DOMException | undefined

/** Waits until the time is over or the signal is aborted. It does not keep a process alive. */
export function idle(seconds: Seconds, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      resolve()
    }
    const timer = setTimeout(stop, seconds * 1000)
    // A number where there is no Node.
    if (typeof timer === 'object') timer.unref()
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
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
