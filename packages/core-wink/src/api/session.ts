import { parseWebUrl } from '@latchkey/core/provider'
import { basicAuthorization } from '@latchkey/oidc'
import { winkError } from '../model/errors.ts'
import type { WinkSettings } from '../model/options.ts'
import { type ApiAnswer, postToApi } from './wink-api.ts'

/** What a Wink session is created with. */
export interface WinkSessionOptions {
  /** Where Wink sends the browser after the sign-in: the redirect URI. */
  readonly returnUrl: string
  /** Where Wink sends the browser when the user cancels. */
  readonly cancelUrl: string
}

/**
 * `POST {apiUrl}/wink/v1/session`. Sessions are single-use and may expire while the user idles: one per login, right
 * before it. Each client asks for 100 at once, and then for 10 a second.
 *
 * @throws `wink/too_many_logins` beyond that
 */
export async function createSession(
  settings: WinkSettings,
  options: WinkSessionOptions,
): Promise<{ readonly sessionId: string }> {
  const { returnUrl, cancelUrl } = options
  requireAllowedUrls(settings, { returnUrl, cancelUrl })
  if (!settings.takeSession()) throw winkError('wink/too_many_logins', { cause: { retryAfterSeconds: 1 } })
  const answer = await postToApi(settings, settings.endpoints.session, {
    endpoint: 'session',
    headers: { authorization: basicAuthorization(settings.clientId, settings.clientSecret) },
    body: { returnUrl, cancelUrl },
  })
  if (answer.kind !== 'success') throw sessionError(answer)
  const { sessionAnswer } = await import('./answers.ts')
  const sessionId = sessionAnswer.safeParse(answer.body).data
  if (typeof sessionId !== 'string') throw winkError('wink/session_answer_invalid')
  return { sessionId }
}

function sessionError(answer: Exclude<ApiAnswer, { kind: 'success' }>): Error {
  if (answer.kind === 'unavailable') return winkError('wink/session_unavailable', { cause: answer.cause })
  if (answer.kind === 'unusable') return winkError('wink/session_answer_invalid', { cause: answer.cause })
  const { status } = answer
  const detail = { cause: { status } }
  if (status === 401) return winkError(answer.bare ? 'wink/environment_refused' : 'wink/credentials_refused', detail)
  if (status === 400) return winkError('wink/session_invalid', detail)
  if (status === 403 && answer.page) return winkError('wink/blocked_by_gateway', detail)
  return winkError('wink/session_refused', detail)
}

/**
 * Requires both URLs of a Wink session to be ours: exactly on the lists where there are lists.
 *
 * @throws `wink/return_url_not_allowed`, `wink/cancel_url_not_allowed`
 */
export function requireAllowedUrls(settings: WinkSettings, urls: { returnUrl: string; cancelUrl: string }): void {
  if (!isAllowed(urls.returnUrl, settings.returnUrls)) throw winkError('wink/return_url_not_allowed')
  if (!isAllowed(urls.cancelUrl, settings.cancelUrls)) throw winkError('wink/cancel_url_not_allowed')
}

function isAllowed(url: string, list: ReadonlySet<string> | null): boolean {
  return list === null ? parseWebUrl(url) !== null : list.has(url)
}
