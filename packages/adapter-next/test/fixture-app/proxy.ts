import { type NextRequest, NextResponse } from 'next/server'
import { proxy as latchkey } from './lib/auth'

export function proxy(request: NextRequest): Promise<NextResponse> {
  if (request.nextUrl.pathname.startsWith('/composed')) return composed(request)
  return latchkey(request)
}

export const config = { matcher: '/((?!_next/).*)' }

function composed(request: NextRequest): Promise<NextResponse> {
  return latchkey(request, (request, session) => {
    const headers = new Headers(request.headers)
    headers.set('x-of-the-app', session?.identities.acme?.profile.name ?? 'nobody')
    const overrides = request.nextUrl.searchParams.has('plain') ? {} : { request: { headers } }
    const response = request.nextUrl.searchParams.has('rewrite')
      ? NextResponse.rewrite(new URL('/account', request.url))
      : NextResponse.next(overrides)
    response.headers.set('x-app', 'kept')
    response.headers.set('cache-control', 'public, max-age=60')
    response.cookies.set('theme', 'dark')
    response.cookies.set('region', 'eu')
    return response
  })
}
