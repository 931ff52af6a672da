import { oidcError } from '../errors.ts'
import { isSameText } from '../same-text.ts'

/** What the provider's callback says: a code, or an error. */
export type AuthorizationResponse =
  | { readonly kind: 'code'; readonly parameters: URLSearchParams; readonly issuer: string | null }
  | { readonly kind: 'error'; readonly error: string }

/**
 * Reads the callback and checks that it answers this login, before anything is sent anywhere.
 *
 * @throws `oidc/callback_invalid`, `oidc/state_mismatch`, `oidc/response_issuer_mismatch`
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
 * @see https://www.rfc-editor.org/rfc/rfc9207#section-2.4
 */
export function readAuthorizationResponse(
  callback: URL,
  expected: { readonly state: string; readonly issuers: readonly string[]; readonly issuerRequired: boolean },
): AuthorizationResponse {
  const parameters = callback.searchParams
  const names = [...parameters.keys()]
  const code = parameters.get('code')
  const error = parameters.get('error')
  if (new Set(names).size !== names.length) throw oidcError('oidc/callback_invalid')
  // Answers of other flows: JARM, implicit and hybrid.
  if (['response', 'id_token', 'token', 'access_token'].some((name) => parameters.has(name))) {
    throw oidcError('oidc/callback_invalid')
  }
  if ((code === null) === (error === null) || code === '' || error === '') throw oidcError('oidc/callback_invalid')

  if (!isSameText(parameters.get('state'), expected.state)) throw oidcError('oidc/state_mismatch')

  const issuer = parameters.get('iss')
  if (issuer === null ? expected.issuerRequired : !expected.issuers.includes(issuer)) {
    throw oidcError('oidc/response_issuer_mismatch')
  }
  return error === null ? { kind: 'code', parameters, issuer } : { kind: 'error', error: toErrorCode(error) }
}

/** An OAuth error as a name that is safe to show and to log; `unknown` for anything that is no such name. */
export function toErrorCode(value: unknown): string {
  return typeof value === 'string' && /^[a-z_]{1,64}$/.test(value) ? value : 'unknown'
}
