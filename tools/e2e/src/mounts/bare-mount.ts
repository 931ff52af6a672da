import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { Auth, ProviderName } from '@latchkey/core'
import { createRequestScope, isAuthError, type RequestScope } from '@latchkey/core/adapter'
import { addHeaders, sendWebResponse, toRequestLike, toWebRequest } from '@latchkey/core/adapter/node'
import type { ExampleRoute, Mount, SeenRequest } from '@latchkey/testkit'
import { listen } from '@latchkey/tool-test-support'

/** The handler and the guards of core alone, behind as little of a server as there can be. */
export const bareMount: Mount = {
  name: 'the bare handler',
  start: ({ auth, routes }) => listen((incoming, outgoing) => answer({ auth, routes }, incoming, outgoing)),
}

type Setup = Parameters<Mount['start']>[0]

async function answer({ auth, routes }: Setup, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = '', url: target = '/' } = incoming
  const path = target.split('?', 1)[0] ?? ''
  if (auth.routes.some((route) => route.path === path)) {
    const { request, body } = await toWebRequest(incoming, incoming)
    return sendWebResponse(outgoing, await auth.handle(request, { body, frameworkRequest: incoming }))
  }
  const route = routes.find((candidate) => candidate.path === path || candidate.path === '/*')
  const isKnown = route?.methods.some((known) => known === method || (known === 'GET' && method === 'HEAD'))
  if (route === undefined || !isKnown) return void outgoing.writeHead(route === undefined ? 404 : 405).end()
  const scope = createRequestScope(toRequestLike(incoming))
  try {
    const { headers, body } = await route.answer(await pass(scope, auth, { route, incoming }))
    const isStream = body instanceof ReadableStream
    outgoing.setHeader('content-type', isStream ? 'text/plain' : 'application/json')
    addHeaders(outgoing, [...headers, ...scope.headers()])
    if (isStream) await pipeline(Readable.fromWeb(body as never), outgoing)
    else outgoing.end(JSON.stringify(body))
  } catch (error) {
    addHeaders(outgoing, scope.headers())
    if (!isAuthError(error)) return void outgoing.writeHead(500).end()
    await sendWebResponse(outgoing, auth.errorResponse(error, toRequestLike(incoming)))
  }
}

/** Lets a request pass the guard of a route, and gives what the handler sees. */
async function pass(
  scope: RequestScope,
  auth: Auth,
  { route: { guard }, incoming }: { readonly route: ExampleRoute; readonly incoming: IncomingMessage },
): Promise<SeenRequest> {
  const calls: SeenRequest['calls'] = {
    getSession: async () => (await scope.call((request) => auth.getSession(request))).session,
    getAccessToken: async (provider) =>
      (await scope.call((request) => auth.getAccessToken(request, provider as ProviderName))).accessToken,
    updateSession: async (data) => (await scope.call((request) => auth.updateSession(request, data))).session,
  }
  switch (guard.kind) {
    case 'nothing': {
      const body = incoming.method === 'POST' ? await text(incoming) : ''
      return { calls, body: body.startsWith('{') ? (JSON.parse(body) as unknown) : undefined }
    }
    case 'reading':
      return { calls, session: await calls.getSession() }
    case 'session':
      return { calls, ...(await scope.call((request) => auth.requireSession(request, guard.session))) }
    case 'bearer':
      return { calls, ...(await scope.call((request) => auth.requireBearer(request, guard.bearer))) }
    case 'either':
      return { calls, ...(await scope.call((request) => auth.requireSessionOrBearer(request, guard))) }
    default:
      return guard satisfies never
  }
}
