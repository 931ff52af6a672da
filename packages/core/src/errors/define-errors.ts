import { AuthError, type AuthErrorOptions, type ErrorCode } from './auth-error.ts'

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
export function defineErrors<const Code extends ErrorCode>(
  definitions: Readonly<Record<Code, ErrorDefinition>>,
): ErrorFactory<Code> {
  const create = (code: Code, detail: Pick<AuthErrorOptions, 'cause'> & { readonly hint?: string } = {}): AuthError =>
    new AuthError(code, { ...definitions[code], ...detail })
  return Object.assign(create, { definitions: Object.freeze(definitions) })
}
