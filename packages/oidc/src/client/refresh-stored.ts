import { BoundedMap, isAuthError, type JsonObject } from '@latchkey/core/provider'
import { isVerdict } from '../errors/verdict.ts'
import type { OidcClient } from './oidc-client.ts'
import { type RefreshExpectation, requestRefresh, verifyRefreshed } from './refresh.ts'
import { type StoredTokens, storedTokens } from './stored-tokens.ts'
import type { OidcRefreshedTokens, TokenAnswer } from './token-response.ts'

/** What a refresh brought, verified, in the form that a session keeps. */
export interface RefreshedTokens {
  /** The new tokens, to keep. */
  readonly tokens: StoredTokens & { readonly accessToken: string }
  /** The claims of the ID token; null where the provider gave none. */
  readonly claims: JsonObject | null
}

/** Tokens that a session keeps, and whom a refresh must name. */
export interface KeptTokens extends StoredTokens, Pick<RefreshExpectation, 'subject' | 'issuer'> {
  readonly refreshToken: string
}

/** How {@link refreshStoredTokens} ended. */
export type StoredRefreshResult<Result> =
  | { readonly kind: 'completed'; readonly result: Result }
  | Extract<TokenAnswer, { kind: 'refused' }>

/**
 * Refreshes tokens that a session keeps. A provider may spend the old refresh token as soon as it answers, so what an
 * answer depends on is looked after in this order:
 *
 * - The keys to verify it with are at hand before the refresh token is sent.
 * - What else must hold is checked in `complete`. If the checks cannot be made for now (userinfo fails, a key is not
 *   published yet, our clock is a little behind), the answer is remembered in this process, and the next refresh with the
 *   same tokens goes on with it. It is checked anew then, and no refresh token is sent twice.
 *
 * A refresh token that the provider did not replace stays.
 *
 * @param complete Its result is that of the refresh; what it throws is thrown.
 * @throws the codes of `refreshTokens`, `oidc/jwks_unavailable`, and what `complete` throws
 */
export async function refreshStoredTokens<Result>(
  client: OidcClient,
  { refreshToken, nonce, ...expected }: KeptTokens,
  complete: (refreshed: RefreshedTokens) => Promise<Result> | Result,
): Promise<StoredRefreshResult<Result>> {
  const answers = unfinishedAnswers(client)

  async function finish(answer: OidcRefreshedTokens): Promise<StoredRefreshResult<Result>> {
    try {
      const { tokens, claims } = await verifyRefreshed(client, answer, { ...expected, nonce })
      const result = await complete({ tokens: storedTokens(tokens, { now: client.clock(), nonce }), claims })
      answers.delete(refreshToken)
      return { kind: 'completed', result }
    } catch (error) {
      if (isVerdict(error)) answers.delete(refreshToken)
      else if (answer.refreshToken !== refreshToken) answers.set(refreshToken, answer)
      throw error
    }
  }

  const waiting = answers.get(refreshToken)
  if (waiting !== undefined && waiting.expiresAt > client.clock()) {
    try {
      return await finish(waiting)
    } catch (error) {
      if (!isExpired(error)) throw error
    }
  }
  await client.jwks.ready('trusted')
  const newest = waiting?.refreshToken ?? refreshToken
  const answer = await requestRefresh(client, newest)
  if (answer.kind === 'tokens') {
    return finish({ ...answer.tokens, refreshToken: answer.tokens.refreshToken ?? newest })
  }
  answers.delete(refreshToken)
  return answer
}

function isExpired(error: unknown): boolean {
  return isAuthError(error) && error.code === 'oidc/token_expired'
}

/** The refresh token to send in the place of one whose refresh was answered and could not be completed. */
export function newestRefreshToken(client: OidcClient, refreshToken: string): string {
  return unfinishedAnswers(client).get(refreshToken)?.refreshToken ?? refreshToken
}

const mostAnswers = 1000

const answersOfClients = new WeakMap<OidcClient, Map<string, OidcRefreshedTokens>>()

/** Answers whose checks could not be made, by the refresh token that was sent for them. */
function unfinishedAnswers(client: OidcClient): Map<string, OidcRefreshedTokens> {
  const answers = answersOfClients.get(client) ?? new BoundedMap<string, OidcRefreshedTokens>(mostAnswers)
  answersOfClients.set(client, answers)
  return answers
}
