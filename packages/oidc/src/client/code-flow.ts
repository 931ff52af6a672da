import { encodeBase64url, randomToken, sha256 } from '@latchkey/core/crypto'
import { checkOptions, invalidOption, type JsonObject } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import { requireEndpoint, requireText } from '../errors/options.ts'
import { isSameText } from '../verify/claims.ts'
import { verifyIdToken } from '../verify/id-token.ts'
import type { ClientSetup } from './client-setup.ts'
import { type OidcTokens, readTokenResponse, toErrorCode } from './token-response.ts'

/** What is kept, sealed, between the start of a login and its callback. Plain JSON; holds secrets. */
export interface OidcTransaction {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly redirectUri: string
}

/** Options of `startLogin`. */
export interface StartLoginOptions {
  /** Where the provider sends the browser back to, exactly as registered. */
  readonly redirectUri: string
  /** Must hold `openid`. */
  readonly scopes: readonly string[]
  /** A value that cannot be guessed. Made here if absent. */
  readonly state?: string
  /** For tenants with hosts of their own. Defaults to that of the metadata. */
  readonly authorizationEndpoint?: string
  /** Further parameters of the authorization request; those of the protocol cannot be set. */
  readonly parameters?: Readonly<Record<string, string>>
}

const reservedParameters: readonly string[] = [
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

/** Builds the authorization request: code flow, with PKCE (S256), `state` and `nonce`, each new. */
export async function startLogin(
  defaults: { readonly clientId: string; readonly authorizationEndpoint: string },
  options: StartLoginOptions,
): Promise<{ readonly url: URL; readonly transaction: OidcTransaction }> {
  checkStartLoginOptions(options)
  const { redirectUri, scopes, state = randomToken(32), parameters = {} } = options
  const transaction = { state, nonce: randomToken(32), codeVerifier: randomToken(32), redirectUri }
  const url = new URL(options.authorizationEndpoint ?? defaults.authorizationEndpoint)
  const query = {
    ...parameters,
    client_id: defaults.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    nonce: transaction.nonce,
    code_challenge: encodeBase64url(await sha256(transaction.codeVerifier)),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return { url, transaction }
}

function checkStartLoginOptions(options: StartLoginOptions): void {
  const factory = 'startLogin'
  checkOptions(factory, options, ['redirectUri', 'scopes', 'state', 'authorizationEndpoint', 'parameters'])
  const { redirectUri, scopes, state, authorizationEndpoint, parameters = {} } = options
  requireEndpoint(factory, 'redirectUri', redirectUri)
  if (authorizationEndpoint !== undefined) requireEndpoint(factory, 'authorizationEndpoint', authorizationEndpoint)
  if (state !== undefined) requireText(factory, 'state', state)
  // RFC 6749, appendix A.4
  if (
    !Array.isArray(scopes) ||
    !scopes.every((scope: unknown) => typeof scope === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))
  ) {
    throw invalidOption(factory, 'scopes', 'must be a list of scopes without spaces')
  }
  if (!scopes.includes('openid')) throw invalidOption(factory, 'scopes', 'must hold `openid`')
  for (const [name, value] of Object.entries(parameters)) {
    if (reservedParameters.includes(name)) throw invalidOption(factory, `parameters.${name}`, 'is set by the protocol')
    requireText(factory, `parameters.${name}`, value)
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

/** Checks the callback, redeems the code and verifies the tokens; each step only after all before it passed. */
export async function finishLogin(
  client: ClientSetup,
  callback: URL,
  transaction: OidcTransaction,
): Promise<OidcLoginResult> {
  const { metadata, clientId, http } = client
  const authorization = readAuthorizationResponse(callback, {
    state: transaction.state,
    issuers: metadata.issuers,
    issuerRequired: metadata.authorizationResponseIssuer === 'required',
  })
  if (authorization.kind === 'error') return { kind: 'refused', at: 'authorization', error: authorization.error }

  const issuer = authorization.issuer ?? metadata.issuers[0]
  const server = { issuer, token_endpoint: metadata.tokenEndpoint }
  const response = await client.requests.send(http(), ({ oauth, client: party, authentication, options }) =>
    oauth.authorizationCodeGrantRequest(
      server,
      party,
      authentication,
      oauth.validateAuthResponse(server, party, authorization.parameters, transaction.state),
      transaction.redirectUri,
      transaction.codeVerifier,
      options,
    ),
  )
  const answer = await readTokenResponse(response, { issuer, clientId, now: client.clock() })
  if (answer.kind === 'refused') return { kind: 'refused', at: 'token', error: answer.error }
  const { idToken, ...tokens } = answer.tokens
  if (idToken === undefined) throw oidcError('oidc/id_token_missing')

  const claims = await verifyIdToken(idToken, {
    ...client.verification,
    nonce: { kind: 'required', value: transaction.nonce },
    accessToken: tokens.accessToken,
    now: client.clock(),
  })
  return { kind: 'completed', claims, tokens: { ...tokens, idToken } }
}

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
  if ((code === null) === (error === null) || code === '' || error === '') throw oidcError('oidc/callback_invalid')

  if (!isSameText(parameters.get('state'), expected.state)) throw oidcError('oidc/state_mismatch')

  const issuer = parameters.get('iss')
  if (issuer === null ? expected.issuerRequired : !expected.issuers.includes(issuer)) {
    throw oidcError('oidc/response_issuer_mismatch')
  }
  return error === null ? { kind: 'code', parameters, issuer } : { kind: 'error', error: toErrorCode(error) }
}
