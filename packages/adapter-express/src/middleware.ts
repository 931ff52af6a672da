import type { AnyRequest, AnyResponse } from './mounted-auth.ts'

/** A middleware of Express, for the app, a router or a route. */
export type Middleware = (
  request: AnyRequest,
  response: AnyResponse,
  next: (error?: unknown) => void,
) => void | Promise<void>

/**
 * Makes a middleware of work that resolves to whether the request goes on. What it throws reaches the error middleware of
 * the app; Express 4 waits for no promise.
 */
export function middleware(work: (request: AnyRequest, response: AnyResponse) => Promise<boolean>): Middleware {
  return async (request, response, next) => {
    let goesOn = false
    try {
      goesOn = await work(request, response)
    } catch (error) {
      return next(asError(error))
    }
    if (goesOn) next()
  }
}

/** To Express `undefined`, 'route' and 'router' are no errors: the request would go on. */
function asError(thrown: unknown): object {
  return typeof thrown === 'object' && thrown !== null ? thrown : new Error('Thrown: no error', { cause: thrown })
}
