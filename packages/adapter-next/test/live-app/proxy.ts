import type { NextRequest, NextResponse } from 'next/server'
import { proxy as latchkey } from './lib/auth'

/** Without a matcher: every request comes by here, those to route handlers too. */
export function proxy(request: NextRequest): Promise<NextResponse> {
  return latchkey(request)
}
