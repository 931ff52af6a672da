import {
  type Auth,
  type BearerToken,
  type BearerRequirement,
  type Grant,
  type RequestLike,
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

/** A hook for any position before the handler: `onRequest`, `preParsing`, `preValidation` or `preHandler`. */
export type GuardHook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

const grants = new WeakMap<FastifyRequest, readonly Grant[]>()
const readers = new WeakSet<FastifyRequest>()

/**
 * A hook that lets a request pass only with a session that meets the requirement; else it answers itself, with a problem
 * document or, to a user who opens a page, a redirect.
 *
 * @example app.get('/payroll', { preHandler: requireSession({ maxAuthAgeSeconds: 300 }) }, handler)
 */
export function requireSession(requirement: SessionRequirement = {}): GuardHook {
  return guard((auth, incoming, request) => auth.requireSession(incoming, requirement, asReader(request)))
}

/**
 * A hook that lets a request pass only with an access token (`Authorization: Bearer`) that meets the requirement; else it
 * answers itself.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750
 */
export function requireBearer(requirement: BearerRequirement = {}): GuardHook {
  return guard((auth, incoming) => auth.requireBearer(incoming, requirement))
}

/** A hook that lets a request pass with a token if it presents one, else with a session; as the two others do. */
export function requireSessionOrBearer(requirement: {
  readonly session: SessionRequirement
  readonly bearer: BearerRequirement
}): GuardHook {
  return guard((auth, incoming) => auth.requireSessionOrBearer(incoming, requirement))
}

/**
 * What a hook let pass last: after `requireSessionOrBearer` it tells by its `kind` which of the two.
 *
 * @throws `core/not_mounted` where no such hook ran before
 */
export function authOf(request: FastifyRequest): Grant {
  const grant = grants.get(request)?.at(-1)
  if (grant === undefined) throw notMounted()
  return grant
}

/**
 * The session that `requireSession` let pass.
 *
 * @throws `core/not_mounted` where no `requireSession` ran before
 */
export function getSession(request: FastifyRequest): Session {
  const session = passedSession(request)
  if (session === undefined) throw notMounted()
  return session
}

/**
 * The claims of the token that `requireBearer` let pass.
 *
 * @throws `core/not_mounted` where no `requireBearer` ran before
 */
export function getBearer(request: FastifyRequest): BearerToken {
  const grant = grants.get(request)?.find(({ kind }) => kind === 'bearer')
  if (grant?.kind !== 'bearer') throw notMounted()
  return grant.bearer
}

/**
 * Reads the session of a request, if there is one; nothing is required. After `requireSession` it is the session that
 * passed.
 *
 * @throws `core/not_mounted`
 */
export async function readSession(request: FastifyRequest): Promise<Session | null> {
  const passed = passedSession(request)
  if (passed !== undefined) return passed
  const reading = await mountedAuth(request.server).read(toIncoming(request), asReader(request))
  keepHeaders(request, reading)
  return reading.session
}

function guard(ask: (auth: Auth, incoming: RequestLike, request: FastifyRequest) => Promise<Grant>): GuardHook {
  return async (request, reply) => {
    const auth = mountedAuth(request.server)
    const incoming = toIncoming(request)
    try {
      const grant = await ask(auth, incoming, request)
      grants.set(request, [...(grants.get(request) ?? []), grant])
      keepHeaders(request, grant)
      return undefined
    } catch (error) {
      if (!isAuthError(error)) throw error
      return sendResponse(reply, auth.errorResponse(error, incoming))
    }
  }
}

/** Whoever reads the session of a request first refreshes it: two refreshes would write two cookies. */
function asReader(request: FastifyRequest): { readonly writable: boolean } {
  const writable = !readers.has(request)
  readers.add(request)
  return { writable }
}

function passedSession(request: FastifyRequest): Session | undefined {
  const grant = grants.get(request)?.find(({ kind }) => kind === 'session')
  return grant?.kind === 'session' ? grant.session : undefined
}
