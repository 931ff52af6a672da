import type { Auth } from '@latchkey/core/adapter'
import type { NextRequest } from 'next/server'
import { asFetch, isRouterFetch } from './request-source.ts'

/** Answers a request to one of the auth's routes. What Next's router fetches by itself begins no login. */
export function answerRoutes(auth: Auth, request: NextRequest): Promise<Response> {
  const isFetch = request.method === 'GET' && isRouterFetch(request.headers)
  return auth.handle(isFetch ? asFetch(request) : request, { native: request })
}
