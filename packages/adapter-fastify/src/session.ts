import {
  type ProviderName,
  type Session,
  type SessionEnd,
  type SessionPatch,
  type WatchOptions,
  watchSession as watch,
} from '@latchkey/core/adapter'
import { closedSignal, isUpgrade, toRequestLike } from '@latchkey/core/adapter/node'
import { type AnyRequest, askedRequest, replyTo } from './mounted-auth.ts'

/**
 * Returns the session of a request, or null; requires nothing. Behind a guard it is the session that passed.
 *
 * @throws `core/not_mounted`, `core/unknown_host`
 */
export async function getSession(request: AnyRequest): Promise<Session | null> {
  return askedRequest(request).getSession()
}

/**
 * Returns the access token of a provider in the session of a request, refreshed when it is due.
 *
 * @throws `auth/session_required`, `auth/tokens_missing`, `auth/tokens_unavailable`, `core/sessions_external`,
 * `core/not_mounted`
 */
export async function getAccessToken(request: AnyRequest, provider: ProviderName): Promise<string> {
  return askedRequest(request).getAccessToken(provider)
}

/**
 * Changes the app's own data in the session of a request; `undefined` removes a member, absent leaves it. What
 * `getSession` and `sessionOf` return from then on has the change.
 *
 * @throws `auth/session_required`, `core/cross_origin`, `core/session_too_large`, `core/sessions_external`,
 * `core/not_mounted`, `fastify/headers_sent`
 */
export async function updateSession(request: AnyRequest, data: SessionPatch): Promise<Session> {
  return askedRequest(request).updateSession(data)
}

/**
 * Resolves when the session of a WebSocket or a stream has ended, or no longer meets the requirement: then close it.
 * Resolves, too, when the connection is closed first. Nothing is refreshed, prolonged or written.
 *
 * @example const { reason } = await watchSession(request)
 * @throws `core/invalid_option`, `core/sessions_external`, `core/not_mounted`
 */
export async function watchSession(request: AnyRequest, options: WatchOptions = {}): Promise<SessionEnd> {
  const { auth } = askedRequest(request)
  const connection = isUpgrade(request) ? request.raw.socket : replyTo(request).raw
  return watch(auth, toRequestLike(request), { ...options, signal: closedSignal(connection) })
}
