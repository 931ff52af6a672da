const authErrorMark = Symbol.for('latchkey.AuthError')

/** A stable, public error code: `acme/invalid_state`. Renaming one is a breaking change. */
export type ErrorCode = `${string}/${string}`

/** What {@link AuthError} is made from. */
export interface AuthErrorOptions {
  /** The HTTP status that answers a request with this error. */
  readonly status: number
  /** What to do about it. Goes to events and logs, never into an answer. */
  readonly hint: string
  /** One sentence for whoever reads the answer. Defaults to the code. */
  readonly message?: string
  /** Facts for the log: a record of plain values, never a foreign error object. */
  readonly cause?: Readonly<Record<string, string | number | boolean | null>>
  /** Whether the message may be shown to the caller. Defaults to `status < 500`. */
  readonly expose?: boolean
}

/**
 * The one error class of every Latchkey package. It has the http-errors shape (`status`, `statusCode`, `expose`), so
 * Fastify and Nest answer with the right status by themselves.
 *
 * Recognise it by {@link isAuthError}, not by `instanceof`: two installed copies of this package then still agree.
 */
export class AuthError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly statusCode: number
  readonly expose: boolean
  readonly hint: string

  constructor(code: ErrorCode, options: AuthErrorOptions) {
    super(options.message ?? code, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AuthError'
    this.code = code
    this.status = options.status
    this.statusCode = options.status
    this.expose = options.expose ?? options.status < 500
    this.hint = options.hint
    Object.defineProperty(this, authErrorMark, { value: true })
  }
}

/** Whether a value is an {@link AuthError}, of this or of another installed copy of the package. */
export function isAuthError(value: unknown): value is AuthError {
  return typeof value === 'object' && value !== null && authErrorMark in value
}
