const longestSeconds = 86_400

/**
 * How long an answer asks to wait, in whole seconds, a day at most; undefined where it does not say.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterSeconds(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after') ?? ''
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil(Date.parse(value) / 1000) - now
  return seconds > 0 ? Math.min(seconds, longestSeconds) : undefined
}
