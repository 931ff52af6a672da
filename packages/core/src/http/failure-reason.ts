import { privateAddressCode } from './platform-fetch.ts'

/** Why a request got no answer, in one word that says nothing of what was sent. */
export type FailureReason = 'dns' | 'tls' | 'refused' | 'reset' | 'timeout'

/** By the codes of Node's `net`, `dns` and `tls`, and of undici, which is behind its `fetch`. */
const reasons: readonly (readonly [FailureReason, RegExp])[] = [
  ['dns', /^(?:ENOTFOUND|EAI_[A-Z]+|ENODATA|ESERVFAIL)$/],
  ['tls', /^(?:ERR_(?:TLS|SSL)_\w+|EPROTO|\w*(?:CERT|ISSUER|SELF_SIGNED|SIGNATURE|CRL)\w*|HOSTNAME_MISMATCH)$/],
  ['refused', /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/],
  ['reset', /^(?:ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|UND_ERR_CLOSED|UND_ERR_DESTROYED)$/],
  ['timeout', /^(?:ETIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/],
]

/** `fetch` wraps the error of the connection, and that of several addresses holds one for each. */
const mostErrors = 10

/**
 * Why a request got no answer, by the codes in an error of `fetch` and in its causes: the innermost that is known.
 * Undefined where none says it, as on runtimes whose errors have no code.
 */
export function failureReason(error: unknown): FailureReason | undefined {
  const found = codesOf(error).flatMap((code) => reasons.find(([, codes]) => codes.test(code))?.[0] ?? [])
  return found.at(-1)
}

/** Whether a request was not sent because its host is at an address where it must not be. */
export function isPrivateAddress(error: unknown): boolean {
  return codesOf(error).includes(privateAddressCode)
}

/** The codes in an error and in its causes, from the outside in. */
function codesOf(error: unknown): readonly string[] {
  const found: string[] = []
  const errors: unknown[] = [error]
  for (let index = 0; index < errors.length && index < mostErrors; index += 1) {
    const { code, cause, errors: several } = (errors[index] ?? {}) as ErrorLike
    if (typeof code === 'string') found.push(code)
    errors.push(...(Array.isArray(several) ? (several as unknown[]) : []), ...(cause === undefined ? [] : [cause]))
  }
  return found
}

interface ErrorLike {
  readonly code?: unknown
  readonly cause?: unknown
  readonly errors?: unknown
}
