import type { ProviderName } from '@latchkey/core'
import type { ExampleAnswer, ExampleRoute, SeenRequest } from '@latchkey/testkit'
import type { NextRequest } from 'next/server'
import { getAccessToken, getSession, route, updateSession } from './auth'
import { currentSetup } from './setup'

interface Context {
  readonly params: Promise<Record<string, string | string[] | undefined>>
}

const calls: SeenRequest['calls'] = {
  getSession,
  getAccessToken: (provider) => getAccessToken(provider as ProviderName),
  updateSession,
}

/** The handler of a route of the example app, behind what it requires. */
export function serve(path: ExampleRoute['path']): (request: NextRequest, context: Context) => Promise<Response> {
  return async (request, context) => {
    const example = exampleRoute(path)
    const { guard } = example
    switch (guard.kind) {
      case 'session':
        return route({ session: guard.session }, (_request, { session }) => answer(example, { session }))(
          request,
          context,
        )
      case 'bearer':
        return route({ bearer: guard.bearer }, (_request, { bearer }) => answer(example, { bearer }))(request, context)
      case 'either':
        return route({ session: guard.session, bearer: guard.bearer }, (_request, { auth }) => answer(example, auth))(
          request,
          context,
        )
      default:
        return answer(example, { body: await bodyOf(request) })
    }
  }
}

/** The route of the example app with this path. */
export function exampleRoute(path: string): ExampleRoute {
  const found = currentSetup().routes.find((candidate) => candidate.path === path)
  if (found === undefined) throw new Error(`The example app has no ${path}`)
  return found
}

/** What a route of the example app answers to what its handler sees. */
export async function answer(example: ExampleRoute, seen: Omit<SeenRequest, 'calls'>): Promise<Response> {
  return responseOf(await example.answer({ ...seen, calls }))
}

function responseOf({ headers, body }: ExampleAnswer): Response {
  const isStream = body instanceof ReadableStream
  const response = new Response(isStream ? body : JSON.stringify(body), {
    headers: { 'content-type': isStream ? 'text/plain' : 'application/json' },
  })
  for (const [name, value] of headers) response.headers.append(name, value)
  return response
}

async function bodyOf(request: NextRequest): Promise<unknown> {
  return request.method === 'POST' && request.headers.get('content-type') === 'application/json'
    ? request.json()
    : undefined
}
