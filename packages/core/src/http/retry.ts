import { isAuthError } from '../errors/auth-error.ts'
import { type Deadline, pause } from './deadline.ts'

const retryableStatuses = [429, 502, 503, 504]

/** Sends, and once more after no answer or a passing error, if the deadline leaves time for the wait. */
export async function sendWithRetry(
  send: () => Promise<Response>,
  deadline: Deadline,
  signal: AbortSignal,
): Promise<Response> {
  const first = send()
  const delaySeconds = await retryDelaySeconds(first)
  if (delaySeconds === null || delaySeconds >= deadline.remainingSeconds()) return first
  await pause(delaySeconds, signal)
  return send()
}

/** How long to wait before the second attempt; null for none. */
async function retryDelaySeconds(first: Promise<Response>): Promise<number | null> {
  try {
    const { status, headers } = await first
    return retryableStatuses.includes(status) ? retryAfterSeconds(headers) + jitterSeconds() : null
  } catch (error) {
    return isAuthError(error) && error.code === 'core/vendor_unreachable' ? jitterSeconds() : null
  }
}

/**
 * Seconds, or a date; anything else counts as 0.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
function retryAfterSeconds(headers: Headers): number {
  const value = headers.get('retry-after') ?? ''
  if (/^\d+$/.test(value)) return Number(value)
  // By the vendor's own clock, where it tells the time.
  const now = Date.parse(headers.get('date') ?? '') || Date.now()
  return Math.max(0, (Date.parse(value) - now) / 1000 || 0)
}

function jitterSeconds(): number {
  const [random = 0] = crypto.getRandomValues(new Uint8Array(1))
  return 0.05 + random / 1280
}
