import type { JsonObject } from '@latchkey/core/provider'
import { oidcError } from '../errors.ts'
import { verifyIdToken } from '../verify/id-token.ts'
import { readAuthorizationResponse } from './authorization-response.ts'
import type { ClientSetup } from './client-setup.ts'
import type { OidcTransaction } from './start-login.ts'
import { type OidcTokens, readTokenResponse } from './token-response.ts'

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
