import { type NextRequest, NextResponse } from 'next/server'
import { proxy as latchkey } from './lib/auth'
import { answer, exampleRoute } from './lib/serve'

export function proxy(request: NextRequest): Promise<NextResponse> {
  // Reading without requiring is for pages and the app's own proxy: only the latter can answer with headers.
  if (request.nextUrl.pathname.replace(/\/$/, '') !== '/read') return latchkey(request)
  return latchkey(request, async (_request, session) => {
    const { body, status, headers } = await answer(exampleRoute('/read'), { session })
    return new NextResponse(body, { status, headers })
  })
}

export const config = { matcher: '/((?!_next/).*)' }
