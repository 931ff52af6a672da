import { randomToken, sha256 } from '@latchkey/core/crypto'
import {
  checkOptions,
  invalidOption,
  type JsonObject,
  type OptionRules,
  option,
  required,
  scopeList,
} from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import { isSameText } from '../verify/claims.ts'
import { verifyIdToken } from '../verify/id-token.ts'
import type { OidcClient } from './oidc-client.ts'
import { postAsClient } from './post-as-client.ts'
import { type OidcTokens, readTokenResponse, toErrorCode } from './token-response.ts'

/** What is kept, sealed, between the start of a login and its callback. Plain JSON; holds secrets. */
export interface OidcTransaction {
  /** What the callback must repeat. */
  readonly state: string
  /** What the ID token must repeat. */
  readonly nonce: string
  /** The secret of PKCE. */
  readonly codeVerifier: string
  /** The redirect URI of the login. */
  readonly redirectUri: string
}

/** Options of {@link authorizationRequest}. */
export interface AuthorizationRequestOptions {
  /** Where the provider sends the browser back to, exactly as registered. */
  readonly redirectUri: string
  /** Must hold `openid`. */
  readonly scopes: readonly string[]
  /** A value that cannot be guessed. Made here if absent. */
  readonly state?: string | undefined
  /** For tenants with hosts of their own. Defaults to that of the metadata. */
  readonly authorizationEndpoint?: string | undefined
  /** Further parameters of the authorization request; those of the protocol cannot be set. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

/** Parameters of the authorization request that the protocol sets. */
export const reservedParameters: readonly string[] = [
  'client_id',
  'client_secret',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_type',
  'scope',
  'state',
]

const factory = 'authorizationRequest'

const rules: OptionRules<AuthorizationRequestOptions> = {
  redirectUri: required(option.webUrl),
  scopes: required(scopeList),
  state: option.text,
  authorizationEndpoint: option.webUrl,
  parameters: option.object,
}

/**
 * Begins a login: code flow, with PKCE (S256), `state` and `nonce`, each new. Calls nobody.
 *
 * @returns A URL to send the browser to, and the transaction to keep, sealed and bound to that browser, until it comes
 *   back.
 * @throws `core/invalid_option`
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
export async function authorizationRequest(
  { clientId, metadata }: OidcClient,
  options: AuthorizationRequestOptions,
): Promise<{ readonly url: URL; readonly transaction: OidcTransaction }> {
  const {
    redirectUri,
    scopes,
    state = randomToken(32),
    authorizationEndpoint = metadata.authorizationEndpoint,
    parameters = {},
  } = checkOptions(factory, options, rules)
  if (!scopes.includes('openid')) throw invalidOption(factory, 'scopes', 'must hold `openid`')
  checkParameters(parameters)
  const transaction = { state, nonce: randomToken(32), codeVerifier: randomToken(32), redirectUri }
  const url = new URL(authorizationEndpoint)
  const query = new URLSearchParams(url.search)
  const asked = {
    ...parameters,
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    nonce: transaction.nonce,
    code_challenge: await sha256(transaction.codeVerifier),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(asked)) query.set(name, value)
  // At once: each change of `searchParams` would write the whole address anew.
  url.search = query.toString()
  return { url, transaction }
}

function checkParameters(parameters: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (reservedParameters.includes(name)) throw invalidOption(factory, `parameters.${name}`, 'is set by the protocol')
    // A user may have typed it: blank is no mistake of the app.
    if (typeof value !== 'string' || value === '') {
      throw invalidOption(factory, `parameters.${name}`, 'must be a text that is not empty')
    }
  }
}

/** How a login ended. */
export type OidcLoginResult =
  | {
      readonly kind: 'completed'
      /** The claims of the verified ID token. */
      readonly claims: JsonObject
      readonly tokens: OidcTokens
    }
  | {
      readonly kind: 'refused'
      /** Which answer of the provider refused it. */
      readonly at: 'authorization' | 'token'
      /** `login_required`, `access_denied`, `invalid_grant`, …; `unknown` where the provider's word is no such name. */
      readonly error: string
    }

/**
 * Finishes a login: checks the callback, redeems the code, verifies the ID token and that the access token belongs to it.
 * Nothing is called or returned before every check so far has passed. A transaction must be used once only.
 *
 * @throws `oidc/callback_invalid`, `oidc/state_mismatch`, `oidc/response_issuer_mismatch`, `oidc/client_refused`,
 *   `oidc/token_request_failed`, `oidc/token_response_invalid`, `oidc/id_token_missing`, `oidc/token_malformed`,
 *   `oidc/algorithm_not_allowed`, `oidc/key_not_found`, `oidc/jwks_unavailable`, `oidc/signature_invalid`,
 *   `oidc/type_not_allowed`, `oidc/issuer_mismatch`, `oidc/subject_missing`, `oidc/audience_mismatch`,
 *   `oidc/authorized_party_mismatch`, `oidc/token_expired`, `oidc/issued_at_invalid`, `oidc/not_yet_valid`,
 *   `oidc/nonce_mismatch`, `oidc/access_token_hash_mismatch`, `oidc/subject_mismatch`, and the `core/…` codes of
 *   `VendorHttp.fetch`
 * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
 */
export async function exchangeCode(
  client: OidcClient,
  callback: URL,
  transaction: OidcTransaction,
): Promise<OidcLoginResult> {
  const { metadata } = client
  const authorization = readAuthorizationResponse(callback, {
    state: transaction.state,
    issuers: metadata.issuers,
    issuerRequired: metadata.authorizationResponseIssuer === 'required',
  })
  if (authorization.kind === 'error') return { kind: 'refused', at: 'authorization', error: authorization.error }

  const posted = await postAsClient(client, metadata.tokenEndpoint, {
    parameters: {
      grant_type: 'authorization_code',
      code: authorization.code,
      redirect_uri: transaction.redirectUri,
      code_verifier: transaction.codeVerifier,
    },
    name: 'token',
  })
  const answer = await readTokenResponse(client, posted)
  if (answer.kind === 'refused') return { kind: 'refused', at: 'token', error: answer.error }
  const { idToken, ...tokens } = answer.tokens
  if (idToken === undefined) throw oidcError('oidc/id_token_missing')

  const claims = await verifyIdToken(idToken, {
    ...client.verification,
    nonce: { kind: 'required', value: transaction.nonce },
    accessToken: tokens.accessToken,
    source: 'token-endpoint',
    now: client.clock(),
  })
  return { kind: 'completed', claims, tokens: { ...tokens, idToken } }
}

/** What the provider's callback says: a code, or an error. */
type AuthorizationResponse =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'error'; readonly error: string }

/**
 * Reads the callback and checks that it answers this login, before anything is sent anywhere.
 *
 * @throws `oidc/callback_invalid`, `oidc/state_mismatch`, `oidc/response_issuer_mismatch`
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
 * @see https://www.rfc-editor.org/rfc/rfc9207#section-2.4
 */
function readAuthorizationResponse(
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
  if (code === '' || error === '') throw oidcError('oidc/callback_invalid')
  const answer = readAnswer(code, error)
  if (answer === null) throw oidcError('oidc/callback_invalid')

  if (!isSameText(parameters.get('state'), expected.state)) throw oidcError('oidc/state_mismatch')

  const issuer = parameters.get('iss')
  if (issuer === null ? expected.issuerRequired : !expected.issuers.includes(issuer)) {
    throw oidcError('oidc/response_issuer_mismatch')
  }
  return answer
}

/** Null for both or neither. */
function readAnswer(code: string | null, error: string | null): AuthorizationResponse | null {
  if (code !== null) return error === null ? { kind: 'code', code } : null
  return error === null ? null : { kind: 'error', error: toErrorCode(error) }
}
