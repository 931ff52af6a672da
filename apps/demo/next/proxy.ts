import { randomBytes } from 'node:crypto'
import type { Session } from '@latchkey/core'
import { type NextRequest, NextResponse } from 'next/server'
import { contentSecurityPolicy } from '../src/pages/page-headers.ts'
import { demo, proxy as latchkey } from './lib/auth.ts'
import { followResponse } from './lib/follow.ts'

/** Refreshes the session of a page, and says what the page may load: Next gives its scripts the nonce of the request. */
export function proxy(request: NextRequest): Promise<NextResponse> {
  return followResponse(request, () => latchkey(request, withPolicy))
}

function withPolicy(request: NextRequest, session: Session | null): NextResponse {
  const script = `script-src 'self' 'nonce-${randomBytes(16).toString('base64')}'`
  const policy = contentSecurityPolicy(demo().auth.formActionOrigins(session), [script, "connect-src 'self'"])
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  response.headers.set('referrer-policy', 'same-origin')
  response.headers.set('x-content-type-options', 'nosniff')
  return response
}

export const config = { matcher: '/((?!_next/|auth/|api/|healthz).*)' }
