import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type Auth, type HeaderEntries, type RequestLike, isAuthError } from '@latchkey/core'
import type { ExampleRoute, Mount, SeenRequest } from '@latchkey/testkit'
import { listen } from './listen.ts'

/** The handler and the guards of core alone, behind as little of a server as there can be. */
export const bareMount: Mount = {
  name: 'the bare handler',
  start: ({ auth, routes }) =>
    listen((incoming, outgoing) => {
      answer({ auth, routes }, incoming)
        .then((response) => send(outgoing, response))
        .catch(() => outgoing.destroy())
    }),
}

type Setup = Parameters<Mount['start']>[0]

async function answer({ auth, routes }: Setup, incoming: IncomingMessage): Promise<Response> {
  const { method = '', url: target = '/' } = incoming
  const path = target.split('?', 1)[0] ?? ''
  if (auth.routes.some((route) => route.path === path)) return auth.handle(webRequest(incoming), { frameworkRequest: incoming })
  const route = routes.find((candidate) => candidate.path === path)
  const isKnown = route?.methods.some((known) => known === method || (known === 'GET' && method === 'HEAD'))
  if (route === undefined || !isKnown) return new Response(null, { status: route === undefined ? 404 : 405 })
  try {
    return await answerRoute(auth, route, incoming)
  } catch (error) {
    return isAuthError(error) ? auth.errorResponse(error, coreIncoming(incoming)) : new Response(null, { status: 500 })
  }
}

async function answerRoute(auth: Auth, route: ExampleRoute, incoming: IncomingMessage): Promise<Response> {
  const seen = await passGuard(auth, route, coreIncoming(incoming))
  const body = route.guard.kind === 'nothing' && incoming.method === 'POST' ? await text(incoming) : ''
  const { headers, body: answered } = await route.answer({
    ...seen,
    ...(body.startsWith('{') && { body: JSON.parse(body) as unknown }),
  })
  const isStream = answered instanceof ReadableStream
  const response = new Response(isStream ? answered : JSON.stringify(answered), {
    headers: { 'content-type': isStream ? 'text/plain' : 'application/json' },
  })
  for (const [name, value] of [...headers, ...seen.headers]) {
    if (name === 'set-cookie' || name === 'vary') response.headers.append(name, value)
    else response.headers.set(name, value)
  }
  return response
}

async function passGuard(
  auth: Auth,
  { guard }: ExampleRoute,
  incoming: RequestLike,
): Promise<SeenRequest & { readonly headers: HeaderEntries }> {
  switch (guard.kind) {
    case 'nothing':
      return { headers: [] }
    case 'reading':
      return auth.getSession(incoming)
    case 'session':
      return auth.requireSession(incoming, guard.session)
    case 'bearer':
      return auth.requireBearer(incoming, guard.bearer)
    case 'either':
      return auth.requireSessionOrBearer(incoming, guard)
    default:
      return guard satisfies never
  }
}

function coreIncoming(incoming: IncomingMessage): RequestLike {
  return { method: incoming.method ?? '', url: incoming.url ?? '/', headers: webHeaders(incoming) }
}

function webRequest(incoming: IncomingMessage): Request {
  const { method = '', url = '/' } = incoming
  const body = method === 'GET' || method === 'HEAD' ? null : (Readable.toWeb(incoming) as ReadableStream)
  const headers = webHeaders(incoming)
  return new Request(new URL(`http://localhost${url}`), { method, headers, body, duplex: 'half' } as RequestInit)
}

function webHeaders({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, values] of Object.entries(headersDistinct)) headers.set(name, values?.join(', ') ?? '')
  return headers
}

async function send(outgoing: ServerResponse, response: Response): Promise<void> {
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value)
  outgoing.writeHead(response.status)
  if (response.body === null) outgoing.end()
  else await pipeline(Readable.fromWeb(response.body as never), outgoing)
}
