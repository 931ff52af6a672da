import type { HeaderEntries } from '@latchkey/core/adapter'
import { cookies } from 'next/headers'
import { NextResponse } from 'next/server'

/** A response with more headers: cookies and `Vary` beside those that are there, others in their place. */
export function withHeaders({ body, status, statusText, headers: own }: Response, headers: HeaderEntries): NextResponse {
  const moved = new Headers(own)
  for (const [name, value] of headers) {
    if (name === 'set-cookie' || name === 'vary') moved.append(name, value)
    else moved.set(name, value)
  }
  return new NextResponse(body, { status, statusText, headers: moved })
}

/** Hands the cookies to Next, for the response that it makes by itself. */
export async function keepCookies(headers: HeaderEntries): Promise<void> {
  for (const cookie of withHeaders(new Response(), headers).cookies.getAll()) (await cookies()).set(cookie)
}
