import { randomBytes } from 'node:crypto'
import type { Session } from '@latchkey/core'
import { type NextRequest, NextResponse } from 'next/server'
import { contentSecurityPolicy, type PagePolicy } from '../src/pages/page-headers.ts'
import { winkCallbackDirectives, winkCallbackPath, winkDirectives } from '../src/wink-settings.ts'
import { demo, proxy as latchkey } from './lib/auth.ts'
import { followResponse } from './lib/follow.ts'

/** Refreshes the session of a page, and says what the page may load: Next gives its scripts the nonce of the request. */
export function proxy(request: NextRequest): Promise<NextResponse> {
  return followResponse(request, () => latchkey(request, withPolicy))
}

function withPolicy(request: NextRequest, session: Session | null): NextResponse {
  const script = `script-src 'self' 'nonce-${randomBytes(16).toString('base64')}'`
  const { more = ["connect-src 'self'"], frameAncestors } = policyAt(request.nextUrl.pathname)
  const formActionOrigins = demo().auth.formActionOrigins(session)
  const policy = contentSecurityPolicy({ formActionOrigins, frameAncestors, more: [script, ...more] })
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  response.headers.set('referrer-policy', 'same-origin')
  response.headers.set('x-content-type-options', 'nosniff')
  return response
}

/** What the pages with Wink's SDK may do beyond what every page may. */
function policyAt(path: string): Omit<PagePolicy, 'formActionOrigins'> {
  const { environment } = demo()
  if (path === winkCallbackPath) return { more: winkCallbackDirectives(environment), frameAncestors: "'self'" }
  return path === '/' || path === '/sign-in' ? { more: winkDirectives(environment) } : {}
}

export const config = { matcher: '/((?!_next/|auth/|api/|healthz).*)' }
