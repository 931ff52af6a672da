import { type Auth, type Authenticated, notMounted, type RequestScope, type Session } from '@latchkey/core/adapter'
import { isUpgrade, openNodeScope } from '@latchkey/core/adapter/node'
import type { FastifyInstance, FastifyReply, FastifyRequest, RawServerBase, RouteGenericInterface } from 'fastify'

/** A request of Fastify, over HTTP/1.1 or HTTP/2. */
export type AnyRequest = FastifyRequest<RouteGenericInterface, RawServerBase>

/** A reply of Fastify, over HTTP/1.1 or HTTP/2. */
export type AnyReply = FastifyReply<RouteGenericInterface, RawServerBase>

const authKey = Symbol.for('latchkey.fastify.auth')

const replies = new WeakMap<AnyRequest, AnyReply>()

const asked = new WeakMap<AnyRequest, AskedRequest>()

/** A request for which an auth was asked something. */
export interface AskedRequest {
  readonly auth: Auth
  readonly scope: RequestScope
  readonly reply: AnyReply
  /** Whether a guard says so, or an upgrade: see {@link isReadOnly}. */
  isReadOnly: boolean
  /** What guards let pass, in order. */
  passed: readonly Authenticated[]
  /** The session that was read where no guard asked for one; undefined before that. */
  read?: Session | null
}

/** Lets everything in this part of the app find its auth, and the reply of each request. */
export function mountAuth(app: FastifyInstance, auth: Auth): void {
  app.decorate(authKey, auth)
  app.addHook('onRequest', (request, reply, done) => {
    replies.set(request, reply)
    done()
  })
}

/** Whether nothing may be refreshed or changed: the answer takes no headers, or has sent them. */
export function isReadOnly({ isReadOnly: isSaid, reply }: AskedRequest): boolean {
  return isSaid || reply.raw.headersSent
}

/**
 * The request, with what its guards and handler have asked so far.
 *
 * @throws `core/not_mounted` where no auth is mounted on this part of the app
 */
export function askedRequest(request: AnyRequest): AskedRequest {
  const present = asked.get(request)
  if (present !== undefined) return present
  const { [authKey]: auth } = request.server as { readonly [authKey]?: Auth }
  const reply = replies.get(request)
  if (auth === undefined || reply === undefined) throw notMounted()
  const scope = openNodeScope(request, reply.raw)
  // The answer to a handshake is not written by Node: headers of ours would be lost.
  const opened: AskedRequest = { auth, scope, reply, isReadOnly: isUpgrade(request), passed: [] }
  asked.set(request, opened)
  return opened
}
