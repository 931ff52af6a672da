import { encodeBase64url, randomToken, sha256 } from '@latchkey/core/crypto'
import { checkOptions, invalidOption } from '@latchkey/core/provider'
import { requireEndpoint, requireText } from '../option-checks.ts'

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
