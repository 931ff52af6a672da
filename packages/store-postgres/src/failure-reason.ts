/** What `pg` says without a code. */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^timeout exceeded when trying to connect$/, 'pool_timeout'],
  [/^(?:Query read timeout$|Connection terminated due to connection timeout$|timeout expired$)/, 'timeout'],
  [/^(?:Connection terminated|Client has encountered a connection error|Client was closed)/, 'terminated'],
  [/^Cannot use a pool after calling end/, 'pool_ended'],
]

const codes: ReadonlyMap<string, string> = new Map([
  // A statement of ours that was too late undoes itself by a division by zero.
  ['22012', 'timeout'],
  ['25006', 'read_only'],
])

/**
 * Says why a statement failed, in one word without a key, value, address or password: the SQLSTATE of an answer,
 * `ECONNREFUSED` and the like for an error of the system, a word for what `pg` says, otherwise the name of the error class.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function failureReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error ? error.code : null
  if (typeof code === 'string' && /^(?:[0-9A-Z]{5}|E[A-Z_]+)$/.test(code)) return codes.get(code) ?? code
  return sentences.find(([sentence]) => sentence.test(error.message))?.[1] ?? error.constructor.name
}
