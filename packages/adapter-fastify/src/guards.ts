import { isAuthError, notMounted, type Session, type SessionRequirement } from '@latchkey/core/adapter'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { mountedAuth } from './mounted-auth.ts'
import { keepHeaders } from './response-headers.ts'
import { toIncoming } from './web-request.ts'
import { sendResponse } from './web-response.ts'

const sessions = new WeakMap<FastifyRequest, Session>()

/**
 * A hook that lets a request pass only with a session that meets the requirement; else it answers itself, with a problem
 * document or, to a person who opens a page, a redirect.
 *
 * @example app.get('/payroll', { preHandler: requireSession({ maxAgeSeconds: 300 }) }, handler)
 */
export function requireSession(
  requirement: SessionRequirement = {},
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    const auth = mountedAuth(request.server)
    const incoming = toIncoming(request)
    try {
      const { session, headers } = await auth.requireSession(incoming, requirement)
      sessions.set(request, session)
      keepHeaders(request, headers)
      return undefined
    } catch (error) {
      if (!isAuthError(error)) throw error
      return sendResponse(reply, auth.refusal(error, incoming))
    }
  }
}

/**
 * The session that `requireSession` let pass.
 *
 * @throws `core/not_mounted` where no `requireSession` ran before
 */
export function getSession(request: FastifyRequest): Session {
  const session = sessions.get(request)
  if (session === undefined) throw notMounted()
  return session
}

/**
 * Reads the session of a request, if there is one; nothing is required. After `requireSession` it is the session that
 * passed.
 *
 * @throws `core/not_mounted`
 */
export async function readSession(request: FastifyRequest): Promise<Session | null> {
  const passed = sessions.get(request)
  if (passed !== undefined) return passed
  const { session, headers } = await mountedAuth(request.server).read(toIncoming(request), { writable: true })
  keepHeaders(request, headers)
  return session
}
