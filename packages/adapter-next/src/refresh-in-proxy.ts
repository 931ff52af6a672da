import { type Auth, isAuthError, type Session, type SessionResult } from '@latchkey/core/adapter'
import type { NextRequest } from 'next/server.js'
import { NextResponse } from '#next'
import { markRefreshed, removeMark } from './refreshed-request.ts'
import { replaceCookies } from './request-cookies.ts'
import { asFetch, isNavigation } from './request-source.ts'
import { withHeaders } from './response-headers.ts'

/** The app's own proxy: gets the request with its cookies refreshed, and the session. */
export type NextProxy = (
  request: NextRequest,
  session: Session | null,
) => NextResponse | undefined | Promise<NextResponse | undefined>

/** Refreshes the session if a user opens a page, and lets what runs next see it in the request. */
export async function refreshInProxy(auth: Auth, request: NextRequest, given?: NextProxy): Promise<NextResponse> {
  // Next calls a proxy that is exported as it is with an event of its own.
  const next = typeof given === 'function' ? given : undefined
  const isForged = removeMark(request)
  // The auth's own routes write the session themselves; two cookies of one name would meet in the response.
  const isWritable = isNavigation(request) && !isRouteOf(auth, request)
  if (!isWritable && next === undefined) return isForged ? NextResponse.next({ request }) : NextResponse.next()
  let reading: SessionResult
  try {
    reading = await auth.getSession(request, { readOnly: !isWritable })
  } catch (error) {
    if (!isAuthError(error)) throw error
    // Never a redirect: the page that it led to would come by here too.
    return withHeaders(auth.errorResponse(error, asFetch(request)), [])
  }
  const isRefreshed = reading.headers.some(([name]) => name === 'set-cookie')
  if (isRefreshed) {
    replaceCookies(request, reading.headers)
    markRefreshed(request)
  }
  const isChanged = isRefreshed || isForged
  const response = (await next?.(request, reading.session)) ?? NextResponse.next()
  if (!isChanged && next === undefined) return response
  return withHeaders(isChanged ? withRequest(response, request) : response, reading.headers)
}

/** Whether it is one of the auth's routes, whatever slash or locale Next wants in its path. */
function isRouteOf(auth: Auth, { nextUrl: { basePath, pathname } }: NextRequest): boolean {
  const asked = (basePath + pathname).replace(/\/$/, '')
  return auth.routes.some(({ path }) => path === asked)
}

/** A response that goes on, with the request as it is now; one that passes on headers of its own has them from it. */
function withRequest(response: NextResponse, request: NextRequest): NextResponse {
  const { headers } = response
  const goesOn = headers.has('x-middleware-next') || headers.has('x-middleware-rewrite')
  if (!goesOn || headers.has('x-middleware-override-headers')) return response
  const override = [...NextResponse.next({ request }).headers].filter(([name]) => name !== 'x-middleware-next')
  return withHeaders(response, override)
}
