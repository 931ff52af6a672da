import { faultOf, isAuthError, type RefreshResult, type Seconds, type Tokens } from '@latchkey/core/provider'
import { isVerdict } from '../errors/verdict.ts'
import type { OidcRefreshedTokens } from './token-response.ts'

/** What a session keeps of the tokens of a login. Any `Tokens` may be read as one. */
export interface StoredTokens extends Tokens {
  /** The `nonce` of the login: a refreshed ID token has it, or none. */
  readonly nonce?: string | undefined
}

/** The access token is due this long before it expires. */
const refreshMarginSeconds = 60

/** Tokens are not refreshed more often than this, however short they live. */
const shortestPauseSeconds = 10

/** What is kept of a token response. The ID token is not. */
export function storedTokens(
  { accessToken, refreshToken, expiresAt }: Omit<OidcRefreshedTokens, 'idToken'>,
  { now, nonce }: { readonly now: Seconds; readonly nonce?: string | undefined },
): StoredTokens & { readonly accessToken: string } {
  const refreshAt = Math.max(expiresAt - refreshMarginSeconds, now + shortestPauseSeconds)
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    expiresAt,
    refreshAt,
    ...(nonce !== undefined && { nonce }),
  }
}

/**
 * How a refresh ended that threw. A status of 401 refuses the tokens themselves: the sign-in has ended. Any other error
 * is the provider's or ours, and is tried again; so is a key that is not published yet, and a clock that is a little off.
 *
 * @param endings Codes of further errors that end a sign-in, with the reason that is reported.
 * @throws Anything that is no `AuthError`.
 */
export function refreshFailure(
  error: unknown,
  endings: Readonly<Record<string, string>> = {},
): Exclude<RefreshResult, { kind: 'refreshed' }> {
  if (!isAuthError(error)) throw error
  const { code, status, cause } = error
  if (Object.hasOwn(endings, code)) return { kind: 'ended', reason: endings[code] as string }
  if (status === 401 && isVerdict(error)) return { kind: 'ended', reason: code.slice(code.indexOf('/') + 1) }
  const wait = (cause as { readonly retryAfterSeconds?: unknown } | undefined)?.retryAfterSeconds
  return { kind: 'failed', ...faultOf(error), retryAfterSeconds: typeof wait === 'number' ? wait : undefined }
}
