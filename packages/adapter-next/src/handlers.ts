import type { Auth } from '@latchkey/core/adapter'
import type { NextRequest } from 'next/server.js'
import { askedAgain } from './refreshed-request.ts'
import { asFetch, isRouterFetch, wholeUrl } from './request-source.ts'

/** Answers a request to one of the auth's routes. What Next's router fetches by itself begins no login. */
export async function answerRoutes(auth: Auth, request: NextRequest, basePath: string): Promise<Response> {
  const again = askedAgain(request)
  if (again !== null) return again
  const isFetch = request.method === 'GET' && isRouterFetch(request.headers)
  const url = new URL(wholeUrl(request, basePath))
  // Where `trailingSlash` is set, Next redirects to a path that ends in one; no route of ours does.
  url.pathname = url.pathname.replace(/\/$/, '')
  const whole = url.href === request.url ? request : new Request(url, request)
  const answer = await auth.handle(isFetch ? asFetch(whole) : whole, { frameworkRequest: request })
  // Core does not know where the app begins: its way home leads out of an app below a `basePath`.
  if (basePath !== '' && answer.headers.get('location') === '/') answer.headers.set('location', basePath)
  return answer
}
