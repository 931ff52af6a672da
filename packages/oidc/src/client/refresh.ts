import type { JsonObject } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import { requireSubjectOfAccessToken, verifyIdToken } from '../verify/id-token.ts'
import type { OidcClient } from './oidc-client.ts'
import { postAsClient } from './post-as-client.ts'
import { type OidcRefreshedTokens, readTokenResponse, type TokenAnswer } from './token-response.ts'

/** What is known of the login whose tokens are refreshed. */
export interface RefreshExpectation {
  /** Whose tokens they must be. */
  readonly subject: string
  /** The `iss` of the login's ID token. Without it a refreshed one may have any of the client's issuers. */
  readonly issuer?: string | undefined
  /** The `nonce` of the login. Without it a refreshed ID token must have none. */
  readonly nonce?: string | undefined
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

/**
 * Exchanges a refresh token. What comes back must belong to the same user: an ID token, where there is one, passes all
 * checks of a login, names the subject that is expected, and has the login's `nonce` or none. Where there is none, and the
 * access token names nobody, userinfo must be asked, and must name the user.
 *
 * @throws the codes of {@link exchangeCode} from `oidc/client_refused` on, but `oidc/id_token_missing`
 * @see https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens
 */
export async function refreshTokens(
  client: OidcClient,
  refreshToken: string,
  expected: RefreshExpectation,
): Promise<OidcRefreshResult> {
  const answer = await requestRefresh(client, refreshToken)
  return answer.kind === 'refused' ? answer : verifyRefreshed(client, answer.tokens, expected)
}

/** Asks for new tokens. Nothing has proven them yet, and the old refresh token may be spent. */
export async function requestRefresh(client: OidcClient, refreshToken: string): Promise<TokenAnswer> {
  const answer = await postAsClient(client, client.metadata.tokenEndpoint, {
    parameters: { grant_type: 'refresh_token', refresh_token: refreshToken },
    name: 'token',
  })
  return readTokenResponse(client, answer)
}

/** Verifies tokens of a refresh; see {@link refreshTokens}. */
export async function verifyRefreshed(
  client: OidcClient,
  tokens: OidcRefreshedTokens,
  expected: RefreshExpectation,
): Promise<Extract<OidcRefreshResult, { kind: 'completed' }>> {
  const { idToken, accessToken } = tokens
  if (client.verification.opaqueAccessTokens !== true) requireSubjectOfAccessToken(accessToken, expected.subject)
  if (idToken === undefined) return { kind: 'completed', claims: null, tokens }

  const claims = await verifyIdToken(idToken, {
    ...client.verification,
    subject: expected.subject,
    nonce: { kind: 'optional', value: expected.nonce },
    accessToken,
    source: 'token-endpoint',
    now: client.clock(),
  })
  if (expected.issuer !== undefined && claims['iss'] !== expected.issuer) throw oidcError('oidc/issuer_mismatch')
  return { kind: 'completed', claims, tokens }
}
