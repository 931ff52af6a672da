import { requireAllowedUrls } from './allowed-url.ts'
import { basicAuthorization } from './client-authentication.ts'
import { winkError } from './errors.ts'
import type { WinkSettings } from './options.ts'
import { type ApiAnswer, postToApi } from './wink-api.ts'

/** What a Wink session is created with. */
export interface WinkSessionOptions {
  /** Where Wink sends the browser after the sign-in: the redirect URI. */
  readonly returnUrl: string
  /** Where Wink sends the browser when the person cancels. */
  readonly cancelUrl: string
}

/**
 * `POST {apiUrl}/wink/v1/session`. Sessions are single-use and may expire while the person idles: one per login, right
 * before it.
 */
export async function createSession(
  settings: WinkSettings,
  options: WinkSessionOptions,
): Promise<{ readonly sessionId: string }> {
  const { returnUrl, cancelUrl } = options
  requireAllowedUrls(settings, { returnUrl, cancelUrl })
  const answer = await postToApi(settings, settings.endpoints.session, {
    headers: { authorization: basicAuthorization(settings) },
    body: { returnUrl, cancelUrl },
  })
  if (answer.kind !== 'success') throw sessionError(answer)
  const { sessionAnswer } = await import('./schema.ts')
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
