import type { ErrorCode } from '../model/event.ts'

const authErrorMark = Symbol.for('latchkey.AuthError')

/** What {@link AuthError} is made from. */
export interface AuthErrorOptions {
  /** The HTTP status that answers a request with this error. */
  readonly status: number
  /** What to do about it. Goes to events and logs, never into an answer. */
  readonly hint: string
  /** One sentence for the reader of the answer. Defaults to the code. */
  readonly message?: string | undefined
  /** Facts for the log: a record of plain values, never a foreign error object. */
  readonly cause?: Readonly<Record<string, string | number | boolean | null>> | undefined
  /** Whether the message may be shown to the caller. Defaults to `status < 500`. */
  readonly expose?: boolean | undefined
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

/**
 * What is known of a call that failed, for an event or the cause of an error that speaks of it: the code, and in one word of
 * the transport (`dns`, `tls`, `refused`, `reset`, `timeout`) why it got no answer, where the error says so.
 */
export function faultOf({ code, cause }: AuthError): { readonly code: ErrorCode; readonly reason?: string } {
  const { reason } = (cause ?? {}) as { readonly reason?: unknown }
  return typeof reason === 'string' ? { code, reason } : { code }
}

/** One row of a package's table of errors: its status, its sentence and what to do about it. */
export type ErrorDefinition = Pick<AuthErrorOptions, 'status' | 'hint' | 'expose'> & { readonly message: string }

/** Makes an {@link AuthError} of a package's table. `hint` and `cause` may say more than the table does. */
export type ErrorFactory<Code extends ErrorCode> = {
  (code: Code, detail?: Pick<AuthErrorOptions, 'cause'> & { readonly hint?: string }): AuthError
  /** The rows, for documentation. */
  readonly definitions: Readonly<Record<Code, ErrorDefinition>>
}

/**
 * Declares the errors of one package in one table, so that code, status and text cannot drift apart.
 *
 * @returns A function that makes an error of the table: `throw acmeError('acme/unsafe_path')`.
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineErrors<const Code extends ErrorCode>(
  definitions: Readonly<Record<Code, ErrorDefinition>>,
): ErrorFactory<Code> {
  const create = (code: Code, detail: Pick<AuthErrorOptions, 'cause'> & { readonly hint?: string } = {}): AuthError =>
    new AuthError(code, { ...definitions[code], ...detail })
  return Object.assign(create, { definitions: Object.freeze(definitions) })
}
