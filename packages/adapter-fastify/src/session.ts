import type { ProviderName, Session, SessionPatch } from '@latchkey/core/adapter'
import type { FastifyRequest } from 'fastify'
import { askedRequest } from './mounted-auth.ts'

/**
 * Returns the session of a request, or null; requires nothing. Behind a guard it is the session that passed.
 *
 * @throws `core/not_mounted`, `core/unknown_host`
 */
export async function getSession(request: FastifyRequest): Promise<Session | null> {
  const asked = askedRequest(request)
  const { auth, scope, passed, read, isReadOnly: readOnly } = asked
  const known = passed.findLast((each) => each.kind === 'session')?.session ?? read
  if (known !== undefined) return known
  const { session } = await scope.call((current) => auth.getSession(current, { readOnly }))
  asked.read = session
  return session
}

/**
 * Returns the access token of a provider in the session of a request, refreshed when it is due.
 *
 * @throws `auth/session_required`, `auth/tokens_missing`, `auth/tokens_unavailable`, `core/sessions_external`,
 * `core/not_mounted`
 */
export async function getAccessToken(request: FastifyRequest, provider: ProviderName): Promise<string> {
  const { auth, scope, isReadOnly: readOnly } = askedRequest(request)
  const { accessToken } = await scope.call((current) => auth.getAccessToken(current, provider, { readOnly }))
  return accessToken
}

/**
 * Changes the app's own data in the session of a request; `undefined` removes a member, absent leaves it. What
 * `getSession` and `sessionOf` return from then on has the change.
 *
 * @throws `auth/session_required`, `core/cross_origin`, `core/session_too_large`, `core/sessions_external`,
 * `core/not_mounted`
 */
export async function updateSession(request: FastifyRequest, data: SessionPatch): Promise<Session> {
  const asked = askedRequest(request)
  const { auth, scope } = asked
  const changed = await scope.call((current) => auth.updateSession(current, data))
  asked.passed = asked.passed.map((each) => (each.kind === 'session' ? changed : each))
  asked.read = changed.session
  return changed.session
}
