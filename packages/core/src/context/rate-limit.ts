import { coreError } from '../errors/core-errors.ts'
import type { FrameworkRequest } from '../model/framework-request.ts'
import type { Awaitable } from '../model/json.ts'
import { type Seconds, startDeadline } from '../model/time.ts'

/** Something that a caller may try too often. */
export interface Attempt {
  /** What is attempted. */
  readonly kind: 'login' | 'callback' | 'launch' | 'token' | 'logout' | 'bearer'
  /** The provider's name; `core` for a sign-out. */
  readonly provider: string
  /** The framework's own request; undefined for `bearer`, where a guard has none. */
  readonly frameworkRequest: FrameworkRequest
}

/** Whether an attempt may go on. Anything but `true` answers 429. */
export type RateLimit = (attempt: Attempt) => Awaitable<boolean | { readonly retryAfterSeconds: Seconds }>

const timeoutSeconds = 1

/**
 * Asks the app's limit, before anything is redeemed, marked, fetched or written: a refused attempt can be made again. A
 * callback that comes again counts again.
 *
 * @throws `core/rate_limited`, `core/rate_limit_unavailable`
 */
export async function checkRate(rateLimit: RateLimit | undefined, attempt: Attempt): Promise<void> {
  if (rateLimit === undefined) return
  const answer = await ask(rateLimit, attempt)
  if (answer === true) return
  const { retryAfterSeconds } = (typeof answer === 'object' ? answer : null) ?? {}
  throw coreError('core/rate_limited', {
    cause: { provider: attempt.provider, retryAfterSeconds: wholeSeconds(retryAfterSeconds) },
  })
}

async function ask(rateLimit: RateLimit, attempt: Attempt): ReturnType<typeof answerOf> {
  try {
    const deadline = startDeadline(timeoutSeconds, () => new Error('deadline'))
    return await deadline.race(answerOf(rateLimit, attempt))
  } catch {
    throw coreError('core/rate_limit_unavailable', { cause: { provider: attempt.provider, retryAfterSeconds: 1 } })
  }
}

async function answerOf(
  rateLimit: RateLimit,
  attempt: Attempt,
): Promise<boolean | { readonly retryAfterSeconds: Seconds }> {
  return rateLimit(attempt)
}

function wholeSeconds(seconds: unknown): Seconds {
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 1 ? Math.ceil(seconds) : 1
}
