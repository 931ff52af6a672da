import {
  type AskedRequest,
  type Auth,
  checkBearerChoice,
  createRequestState,
  type GuardQuestion,
  notMounted,
  openAskedRequest,
} from '@latchkey/core/adapter'
import { isUpgrade, openNodeScope } from '@latchkey/core/adapter/node'
import type { FastifyInstance, FastifyReply, FastifyRequest, RawServerBase, RouteGenericInterface } from 'fastify'
import { fastifyError } from './errors.ts'

/** A request of Fastify, over HTTP/1.1 or HTTP/2. */
export type AnyRequest = FastifyRequest<RouteGenericInterface, RawServerBase>

/** A reply of Fastify, over HTTP/1.1 or HTTP/2. */
export type AnyReply = FastifyReply<RouteGenericInterface, RawServerBase>

const authKey = Symbol.for('latchkey.fastify.auth')

interface Exchange {
  readonly reply: AnyReply
  /** Undefined before the auth is asked. */
  asked?: AskedRequest
}

const exchanges = createRequestState<Exchange>('fastify.exchange')

const questions = new WeakMap<object, GuardQuestion>()

/** Lets the start of the app see what a guard will ask. */
export function rememberQuestion<Hook extends object>(hook: Hook, question: GuardQuestion): Hook {
  questions.set(hook, question)
  return hook
}

/** Lets everything in this part of the app find its auth, and the reply of each request. */
export function mountAuth(app: FastifyInstance, auth: Auth): void {
  app.decorate(authKey, auth)
  app.addHook('onRoute', (route) => {
    const hooks = [route.onRequest, route.preParsing, route.preValidation, route.preHandler].flat()
    for (const hook of hooks) if (hook !== undefined) checkBearerChoice(auth, questions.get(hook)?.bearer)
  })
  app.addHook('onRequest', (request, reply, done) => {
    // It is there where a part of the app has an auth of its own: both have this hook.
    if (exchanges.get(request) === undefined) exchanges.set(request, { reply })
    done()
  })
}

/**
 * The request, with what its guards and handler have asked so far.
 *
 * @throws `core/not_mounted` where no auth is mounted on this part of the app
 */
export function askedRequest(request: AnyRequest): AskedRequest {
  const exchange = exchangeOf(request)
  exchange.asked ??= openRequest(exchange, request)
  return exchange.asked
}

/** The reply to a request. @throws `core/not_mounted` as {@link askedRequest} */
export function replyTo(request: AnyRequest): AnyReply {
  return exchangeOf(request).reply
}

function exchangeOf(request: AnyRequest): Exchange {
  const exchange = exchanges.get(request)
  if (exchange === undefined) throw notMounted()
  return exchange
}

function openRequest({ reply: { raw } }: Exchange, request: AnyRequest): AskedRequest {
  const { [authKey]: auth } = request.server as { readonly [authKey]?: Auth }
  if (auth === undefined) throw notMounted()
  return openAskedRequest({
    auth,
    scope: openNodeScope(request, raw),
    // The answer to a handshake is not written by Node: headers of ours would be lost.
    isReadOnly: () => isUpgrade(request) || raw.headersSent,
    headersSent: () => fastifyError('fastify/headers_sent'),
  })
}
