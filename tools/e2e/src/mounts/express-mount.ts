import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  authOf,
  getAccessToken,
  getSession,
  latchkey,
  requireBearer,
  requireSession,
  requireSessionOrBearer,
  updateSession,
} from '@latchkey/adapter-express'
import type { ProviderName } from '@latchkey/core'
import type { ExampleGuard, ExampleRoute, Mount, SeenRequest } from '@latchkey/testkit'
import express5, { type Request, type RequestHandler, type Response, type Router } from 'express'
import express4 from 'express-4'

/** What of Express a mount sets. */
export interface ExpressMountOptions {
  readonly name: string
  readonly prefix?: `/${string}`
  /** Default: the newest, 5. In 4 the parsers of the app stand in front, and the routes in a sub-app. */
  readonly major?: 4
}

/** Makes a mount of adapter-express, beside middleware that reads bodies for the app. */
export function createExpressMount({ name, prefix, major }: ExpressMountOptions): Mount {
  const express = major === 4 ? express4 : express5
  const parsers = (): RequestHandler[] => [express.json(), express.urlencoded({ extended: true })]
  return {
    name,
    ...(prefix !== undefined && { prefix }),
    async start({ auth, routes }) {
      const app = express()
      const scope = major === 4 ? express() : express.Router()
      if (major === 4) app.set('trust proxy', true).use(parsers())
      app.use(latchkey({ auth }))
      if (major !== 4) app.use(parsers())
      for (const route of routes) addRoute(scope, route)
      app.use(prefix ?? '/', scope)
      const server = app.listen(0, '127.0.0.1')
      await new Promise((resolve) => server.once('listening', resolve))
      const { port } = server.address() as AddressInfo
      return {
        origin: `http://127.0.0.1:${port}`,
        async close() {
          const closed = new Promise((resolve) => server.close(resolve))
          server.closeAllConnections()
          await closed
        },
      }
    },
  }
}

function addRoute(scope: Pick<Router, 'get' | 'post'>, { path, methods, guard, answer }: ExampleRoute): void {
  const handle = async (request: Request, response: Response): Promise<void> => {
    const { headers, body } = await answer(await seenBy(request, guard))
    for (const [name, value] of headers) response.append(name, value)
    if (body instanceof ReadableStream) await pipeline(Readable.fromWeb(body as never), response.type('text/plain'))
    else response.json(body)
  }
  const handlers = [...guardsOf(guard), middleware(handle)]
  const pattern = path === '/*' ? /^\// : path
  for (const method of methods) scope[method === 'GET' ? 'get' : 'post'](pattern, ...handlers)
}

/** Express 4 waits for no promise. */
function middleware(handle: (request: Request, response: Response) => Promise<void>): RequestHandler {
  return async (request, response, next) => {
    try {
      await handle(request, response)
    } catch (error) {
      next(error)
    }
  }
}

function guardsOf(guard: ExampleGuard): RequestHandler[] {
  switch (guard.kind) {
    case 'nothing':
    case 'reading':
      return []
    case 'session':
      return [requireSession(guard.session)]
    case 'bearer':
      return [requireBearer(guard.bearer)]
    case 'either':
      return [requireSessionOrBearer({ session: guard.session, bearer: guard.bearer })]
    default:
      return guard satisfies never
  }
}

async function seenBy(request: Request, { kind }: ExampleGuard): Promise<SeenRequest> {
  const calls: SeenRequest['calls'] = {
    getSession: () => getSession(request),
    getAccessToken: (provider) => getAccessToken(request, provider as ProviderName),
    updateSession: (data) => updateSession(request, data),
  }
  if (kind === 'nothing') return { calls, body: request.body as unknown }
  return { calls, ...(kind === 'reading' ? { session: await getSession(request) } : authOf(request)) }
}
