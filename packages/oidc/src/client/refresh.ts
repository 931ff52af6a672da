import type { JsonObject } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import { requireSubjectOfAccessToken, verifyIdToken } from '../verify/id-token.ts'
import type { ClientSetup } from './client-setup.ts'
import { type OidcRefreshedTokens, readTokenResponse } from './token-response.ts'

/** What is known of the login whose tokens are refreshed. */
export interface RefreshExpectation {
  readonly subject: string
  /** The `iss` of the login's ID token. Without it a refreshed one may have any of the client's issuers. */
  readonly issuer?: string
  /** The `nonce` of the login. Without it a refreshed ID token must have none. */
  readonly nonce?: string
}

/** How a refresh ended. */
export type OidcRefreshResult =
  | {
      readonly kind: 'completed'
      /** The claims of the verified ID token; null where the provider gave none. */
      readonly claims: JsonObject | null
      readonly tokens: OidcRefreshedTokens
    }
  | {
      readonly kind: 'refused'
      /** `invalid_grant`, …; `unknown` where the provider's word is no such name. */
      readonly error: string
    }

/** See {@link OidcClient.refresh}. */
export async function refresh(
  setup: ClientSetup,
  refreshToken: string,
  expected: RefreshExpectation,
): Promise<OidcRefreshResult> {
  const { metadata, clientId, clock, verification } = setup
  const server = { issuer: metadata.issuers[0], token_endpoint: metadata.tokenEndpoint }
  const response = await setup.requests.send(setup.http(), ({ oauth, client, authentication, options }) =>
    oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options),
  )
  const answer = await readTokenResponse(response, { issuer: server.issuer, clientId, now: clock() })
  if (answer.kind === 'refused') return answer
  const { idToken, accessToken } = answer.tokens
  requireSubjectOfAccessToken(accessToken, expected.subject)
  if (idToken === undefined) return { kind: 'completed', claims: null, tokens: answer.tokens }

  const claims = await verifyIdToken(idToken, {
    ...verification,
    subject: expected.subject,
    nonce: { kind: 'optional', value: expected.nonce },
    accessToken,
    now: clock(),
  })
  if (expected.issuer !== undefined && claims['iss'] !== expected.issuer) throw oidcError('oidc/issuer_mismatch')
  return { kind: 'completed', claims, tokens: answer.tokens }
}
