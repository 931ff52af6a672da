import {
  type Auth,
  type BearerClaims,
  type BearerRequirement,
  type Grant,
  type Incoming,
  isAuthError,
  notMounted,
  type Session,
  type SessionRequirement,
} from '@latchkey/core/adapter'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { mountedAuth } from './mounted-auth.ts'
import { keepHeaders } from './response-headers.ts'
import { toIncoming } from './web-request.ts'
import { sendResponse } from './web-response.ts'

/** A Fastify hook that lets a request pass or answers it: for `preHandler`, `preValidation` or `onRequest`. */
export type GuardHook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

const sessions = new WeakMap<FastifyRequest, Session>()
const bearers = new WeakMap<FastifyRequest, BearerClaims>()

/**
 * A hook that lets a request pass only with a session that meets the requirement; else it answers itself, with a problem
 * document or, to a person who opens a page, a redirect.
 *
 * @example app.get('/payroll', { preHandler: requireSession({ maxAgeSeconds: 300 }) }, handler)
 */
export function requireSession(requirement: SessionRequirement = {}): GuardHook {
  return guard((auth, incoming) => auth.requireSession(incoming, requirement))
}

/** A hook that lets a request pass only with an access token that meets the requirement; else it answers itself. */
export function requireBearer(requirement: BearerRequirement = {}): GuardHook {
  return guard((auth, incoming) => auth.requireBearer(incoming, requirement))
}

/** A hook that lets a request pass with an access token if it presents one, else with a session. */
export function requireEither(requirement: {
  readonly session: SessionRequirement
  readonly bearer: BearerRequirement
}): GuardHook {
  return guard((auth, incoming) => auth.requireEither(incoming, requirement))
}

/**
 * The session that `requireSession` or `requireEither` let pass.
 *
 * @throws `core/not_mounted` where none of them let a session pass
 */
export function getSession(request: FastifyRequest): Session {
  const session = sessions.get(request)
  if (session === undefined) throw notMounted()
  return session
}

/**
 * What the access token says that `requireBearer` or `requireEither` let pass.
 *
 * @throws `core/not_mounted` where none of them let a token pass
 */
export function getBearer(request: FastifyRequest): BearerClaims {
  const bearer = bearers.get(request)
  if (bearer === undefined) throw notMounted()
  return bearer
}

/**
 * Reads the session of a request, if there is one; nothing is required. After a guard it is the session that passed.
 *
 * @throws `core/not_mounted`
 */
export async function readSession(request: FastifyRequest): Promise<Session | null> {
  const passed = sessions.get(request)
  if (passed !== undefined) return passed
  const reading = await mountedAuth(request.server).read(toIncoming(request), { writable: true })
  keepHeaders(request, reading)
  return reading.session
}

function guard(require: (auth: Auth, incoming: Incoming) => Promise<Grant>): GuardHook {
  return async (request, reply) => {
    const auth = mountedAuth(request.server)
    const incoming = toIncoming(request)
    try {
      const grant = await require(auth, incoming)
      if (grant.kind === 'session') sessions.set(request, grant.session)
      else bearers.set(request, grant.bearer)
      keepHeaders(request, grant)
      return undefined
    } catch (error) {
      if (!isAuthError(error)) throw error
      return sendResponse(reply, auth.refusal(error, incoming))
    }
  }
}
