/**
 * Says why a command failed, in one word without a key, value, address or password: `OOM` and the like for an answer of
 * Redis, `ECONNREFUSED` and the like for an error of the system, otherwise the name of the client's error class.
 */
export function failureReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const answer = /^[A-Z]{3,}(?= )/.exec(error.message)?.[0]
  if (answer !== undefined) return answer
  const code = 'code' in error ? error.code : null
  return typeof code === 'string' && /^E[A-Z_]+$/.test(code) ? code : error.constructor.name
}
