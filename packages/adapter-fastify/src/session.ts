import {
  type ProviderName,
  type Session,
  type SessionEnd,
  type SessionPatch,
  type WatchOptions,
  watchSession as watch,
} from '@latchkey/core/adapter'
import { closedSignal, isUpgrade, toRequestLike } from '@latchkey/core/adapter/node'
import { fastifyError } from './errors.ts'
import { type AnyRequest, askedRequest, isReadOnly } from './mounted-auth.ts'

/**
 * Returns the session of a request, or null; requires nothing. Behind a guard it is the session that passed.
 *
 * @throws `core/not_mounted`, `core/unknown_host`
 */
export async function getSession(request: AnyRequest): Promise<Session | null> {
  const asked = askedRequest(request)
  const { auth, scope, passed, read } = asked
  const known = passed.findLast((each) => each.kind === 'session')?.session ?? read
  if (known !== undefined) return known
  const { session } = await scope.call((current) => auth.getSession(current, { readOnly: isReadOnly(asked) }))
  asked.read = session
  return session
}

/**
 * Returns the access token of a provider in the session of a request, refreshed when it is due.
 *
 * @throws `auth/session_required`, `auth/tokens_missing`, `auth/tokens_unavailable`, `core/sessions_external`,
 * `core/not_mounted`
 */
export async function getAccessToken(request: AnyRequest, provider: ProviderName): Promise<string> {
  const asked = askedRequest(request)
  const { accessToken } = await asked.scope.call((current) =>
    asked.auth.getAccessToken(current, provider, { readOnly: isReadOnly(asked) }),
  )
  return accessToken
}

/**
 * Changes the app's own data in the session of a request; `undefined` removes a member, absent leaves it. What
 * `getSession` and `sessionOf` return from then on has the change.
 *
 * @throws `auth/session_required`, `core/cross_origin`, `core/session_too_large`, `core/sessions_external`,
 * `core/not_mounted`, `fastify/headers_sent`
 */
export async function updateSession(request: AnyRequest, data: SessionPatch): Promise<Session> {
  const asked = askedRequest(request)
  const { auth, scope } = asked
  const changed = await scope.call((current) => {
    if (isReadOnly(asked)) throw fastifyError('fastify/headers_sent')
    return auth.updateSession(current, data)
  })
  asked.passed = asked.passed.map((each) => (each.kind === 'session' ? changed : each))
  asked.read = changed.session
  return changed.session
}

/**
 * Resolves when the session of a WebSocket or a stream has ended, or no longer meets the requirement: then close it.
 * Resolves, too, when the connection is closed first. Nothing is refreshed, prolonged or written.
 *
 * @example const { reason } = await watchSession(request)
 * @throws `core/invalid_option`, `core/sessions_external`, `core/not_mounted`
 */
export async function watchSession(request: AnyRequest, options: WatchOptions = {}): Promise<SessionEnd> {
  const { auth, reply } = askedRequest(request)
  const connection = isUpgrade(request) ? request.raw.socket : reply.raw
  return watch(auth, toRequestLike(request), { ...options, signal: closedSignal(connection) })
}
