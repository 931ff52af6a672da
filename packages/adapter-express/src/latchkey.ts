import type { Auth } from '@latchkey/core'
import {
  addListener,
  answerRoute,
  checkOptions,
  crossOriginPaths,
  invalidOption,
  notFound,
  option,
  required,
} from '@latchkey/core/adapter'
import {
  bodyOf,
  methodsOfTheApp,
  nearMisses,
  publishEvent,
  sendAnswer,
  sendWebResponse,
  toRequestLike,
  toWebRequest,
  wholeRequest,
} from '@latchkey/core/adapter/node'
import type { Request } from 'express'
import { type Middleware, middleware } from './middleware.ts'
import { type AnyRequest, mountAuth } from './mounted-auth.ts'

declare module '@latchkey/core' {
  interface FrameworkRequests {
    /** Express' own request. */
    express: Request
  }
}

/** Options of the middleware. */
export interface LatchkeyOptions {
  /** What `createAuth` returned. */
  readonly auth: Auth
}

/**
 * Makes the middleware that answers the routes of an auth and lets the guards behind it find that auth. Use it before the
 * routes that it guards, and without a path: the paths come from the auth's `basePath`. In a router or sub-app with a path
 * the `basePath` has to begin with that path.
 *
 * @example app.use(latchkey({ auth }))
 * @throws `core/invalid_option`, here and in `app.use`
 */
export function latchkey(options: LatchkeyOptions): Middleware {
  const { auth } = checkOptions('latchkey', options, { auth: required(option.auth) })
  addListener(auth, 'node:diagnostics_channel', publishEvent)
  const answer = answerOf(auth)
  const handle: Middleware = (request, response, next) => {
    checkPath(auth, (request as Partial<Request>).baseUrl ?? '')
    mountAuth(auth, request, response)
    const answering = answer(request)
    return answering === undefined ? next() : answering(request, response, next)
  }
  return Object.assign(
    handle,
    whenUsed((paths) => paths.forEach((path) => checkPath(auth, path))),
  )
}

/** What answers a request to a route of an auth or beside one; undefined where it is a request to the app. */
function answerOf(auth: Auth): (request: AnyRequest) => Middleware | undefined {
  const routes = new Set(auth.routes.map(({ path }) => path))
  const crossOrigin = new Set(crossOriginPaths(auth))
  const besides = nearMisses(auth.routes).map((pattern) => pattern.slice(0, -'*'.length).toLowerCase())
  const route = middleware(async (request, response) => {
    const { request: web, body } = await toWebRequest(wholeRequest(request), bodyOf(request))
    await sendAnswer(response, await answerRoute(auth, web, { body, frameworkRequest: request }))
    return false
  })
  // A 404 of the app could show the code of a callback.
  const nowhere = middleware(async (request, response) => {
    await sendWebResponse(response, auth.errorResponse(notFound(), toRequestLike(wholeRequest(request))))
    return false
  })
  return (request) => {
    const { method = 'GET', url = '/' } = wholeRequest(request)
    const [path = ''] = url.split(/[?#]/, 1)
    const isOurs = method === 'OPTIONS' && crossOrigin.has(path)
    if (methodsOfTheApp.includes(method) && !isOurs) return undefined
    if (routes.has(path)) return route
    return besides.some((beside) => path.toLowerCase().startsWith(beside)) ? nowhere : undefined
  }
}

/** The callbacks that the vendors know would be elsewhere, and so would every link to a login. */
function checkPath(auth: Auth, path: string): void {
  // Every request asks.
  if (path === '') return
  const prefix = path.replace(/\/+$/, '').toLowerCase()
  if (auth.routes.every((route) => route.path.toLowerCase().startsWith(`${prefix}/`))) return
  throw invalidOption(
    'latchkey',
    'path',
    'of `app.use`, of its router and of its sub-app must be left out, or be the start of the `basePath` of the auth',
  )
}

/** Has Express say where it mounts a middleware, as it tells a sub-app. */
function whenUsed(check: (paths: readonly string[]) => void): object {
  return {
    set() {},
    handle(this: Middleware, ...exchange: Parameters<Middleware>) {
      return this(...exchange)
    },
    emit(this: { readonly mountpath: unknown }) {
      check([this.mountpath].flat().filter((path) => typeof path === 'string'))
    },
  }
}
