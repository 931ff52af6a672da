import { type NextRequest, NextResponse } from 'next/server'
import { proxy as latchkey } from './lib/auth'

export function proxy(request: NextRequest): Promise<NextResponse> {
  if (request.nextUrl.pathname === '/composed') return composed(request)
  if (request.nextUrl.pathname === '/rewritten') return rewritten(request)
  return latchkey(request)
}

export const config = { matcher: '/((?!_next/|api/).*)' }

function composed(request: NextRequest): Promise<NextResponse> {
  if (request.nextUrl.searchParams.has('plain')) return latchkey(request, () => NextResponse.next())
  return latchkey(request, (request, session) => {
    const headers = new Headers(request.headers)
    headers.set('x-signed-in', String(session !== null))
    const response = NextResponse.next({ request: { headers } })
    response.cookies.set('theme', 'dark')
    response.cookies.set('region', 'eu')
    response.headers.set('x-app', 'kept')
    response.headers.set('cache-control', 'public, max-age=60')
    return response
  })
}

function rewritten(request: NextRequest): Promise<NextResponse> {
  return latchkey(request, () => NextResponse.rewrite(new URL('/account', request.url)))
}
