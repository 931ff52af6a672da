import { BoundedMap, isAuthError, type JsonObject } from '@latchkey/core/provider'
import type { OidcClient } from './oidc-client.ts'
import { type RefreshExpectation, requestRefresh, verifyRefreshed } from './refresh.ts'
import { type StoredTokens, storedTokens } from './stored-tokens.ts'
import type { OidcRefreshedTokens, TokenAnswer } from './token-response.ts'

/** What a refresh brought, verified, in the form that a session keeps. */
export interface RefreshedTokens {
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
 * - What else must hold is checked in `complete`. If the checks cannot be made for now (an error of 500 and more: keys,
 *   userinfo or the app's own record of users fail), the answer is remembered in this process, and the next refresh with the
 *   same tokens goes on with it. It is checked anew then, and sends no refresh token twice.
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
  const answer = await resume(client, refreshToken)
  if (answer.kind === 'refused') {
    answers.delete(refreshToken)
    return answer
  }
  try {
    const { tokens, claims } = await verifyRefreshed(client, answer.tokens, { ...expected, nonce })
    const result = await complete({ tokens: storedTokens(tokens, { now: client.clock(), nonce }), claims })
    answers.delete(refreshToken)
    return { kind: 'completed', result }
  } catch (error) {
    if (isVerdict(error)) answers.delete(refreshToken)
    else if (answer.tokens.refreshToken !== refreshToken) answers.set(refreshToken, answer.tokens)
    throw error
  }
}

/** The refresh token to send in the place of one whose refresh was answered and could not be completed. */
export function newestRefreshToken(client: OidcClient, refreshToken: string): string {
  return unfinishedAnswers(client).get(refreshToken)?.refreshToken ?? refreshToken
}

/** The answer that waits for its checks, if its access token is still good; else a new one. */
async function resume(client: OidcClient, refreshToken: string): Promise<TokenAnswer> {
  const waiting = unfinishedAnswers(client).get(refreshToken)
  if (waiting !== undefined && waiting.expiresAt > client.clock()) return { kind: 'tokens', tokens: waiting }
  await client.jwks.ready('trusted')
  const newest = waiting?.refreshToken ?? refreshToken
  const answer = await requestRefresh(client, newest)
  if (answer.kind === 'refused') return answer
  return { kind: 'tokens', tokens: { ...answer.tokens, refreshToken: answer.tokens.refreshToken ?? newest } }
}

/** Whether a check was made, and the tokens did not pass. */
function isVerdict(error: unknown): boolean {
  return isAuthError(error) && error.status < 500
}

const mostAnswers = 1000

const answersOfClients = new WeakMap<OidcClient, Map<string, OidcRefreshedTokens>>()

/** Answers whose checks could not be made, by the refresh token that was sent for them. */
function unfinishedAnswers(client: OidcClient): Map<string, OidcRefreshedTokens> {
  const answers = answersOfClients.get(client) ?? new BoundedMap<string, OidcRefreshedTokens>(mostAnswers)
  answersOfClients.set(client, answers)
  return answers
}
