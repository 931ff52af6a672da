import type { SignatureAlgorithm } from '@latchkey/core/crypto'
import type { VendorHttp } from '@latchkey/core/http'
import type { JsonObject } from '@latchkey/core/provider'
import { verifyIdToken } from '../verify/id-token.ts'
import type { Jwks } from '../verify/jwks.ts'
import { readAuthorizationResponse } from './authorization-response.ts'
import type { ClientAuthentication } from './client-authentication.ts'
import type { OidcMetadata } from './oidc-client.ts'
import type { OidcTransaction } from './start-login.ts'
import { sendTokenRequest } from './token-request.ts'
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

/** What finishing a login needs to know of its client. */
export interface LoginClient {
  readonly metadata: OidcMetadata
  readonly clientId: string
  readonly clientAuthentication: ClientAuthentication
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly clockToleranceSeconds: number
  readonly clock: () => number
  readonly http: VendorHttp
  readonly jwks: Jwks
}

/** Checks the callback, redeems the code and verifies the tokens; each step only after all before it passed. */
export async function finishLogin(
  client: LoginClient,
  callback: URL,
  transaction: OidcTransaction,
): Promise<OidcLoginResult> {
  const { metadata, clientId, clientAuthentication, http, jwks } = client
  const authorization = readAuthorizationResponse(callback, {
    state: transaction.state,
    issuers: metadata.issuers,
    issuerRequired: metadata.authorizationResponseIssuer === 'required',
  })
  if (authorization.kind === 'error') return { kind: 'refused', at: 'authorization', error: authorization.error }

  const issuer = authorization.issuer ?? metadata.issuers[0]
  const response = await sendTokenRequest({
    http,
    tokenEndpoint: metadata.tokenEndpoint,
    issuer,
    clientId,
    clientAuthentication,
    parameters: authorization.parameters,
    transaction,
  })
  const answer = await readTokenResponse(response, { issuer, clientId, now: client.clock() })
  if (answer.kind === 'refused') return { kind: 'refused', at: 'token', error: answer.error }

  const claims = await verifyIdToken(answer.tokens.idToken, {
    jwks,
    algorithms: client.algorithms,
    issuers: metadata.issuers,
    clientId,
    nonce: transaction.nonce,
    accessToken: answer.tokens.accessToken,
    now: client.clock(),
    clockToleranceSeconds: client.clockToleranceSeconds,
  })
  return { kind: 'completed', claims, tokens: answer.tokens }
}
