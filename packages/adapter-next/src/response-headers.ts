import type { HeaderEntries } from '@latchkey/core/adapter'
import { cookieStore, NextResponse } from '#next'
import { cookieName } from './request-cookies.ts'

/**
 * A response with more headers: `Vary` beside what is there, cookies in the place of those of the same name, others in
 * their place.
 */
export function withHeaders(
  { body, status, statusText, headers: own }: Response,
  headers: HeaderEntries,
): NextResponse {
  const moved = new Headers(own)
  const replaced = new Set(headers.filter(([name]) => name === 'set-cookie').map(([, line]) => cookieName(line)))
  moved.delete('set-cookie')
  for (const line of own.getSetCookie()) if (!replaced.has(cookieName(line))) moved.append('set-cookie', line)
  for (const [name, value] of headers) {
    if (name === 'set-cookie') moved.append(name, value)
    else if (name !== 'vary') moved.set(name, value)
    else if (!listed(moved.get(name)).includes(value.toLowerCase())) moved.append(name, value)
  }
  return new NextResponse(body, { status, statusText, headers: moved })
}

/** Hands the cookies to Next, for the response that it makes by itself. */
export async function keepCookies(headers: HeaderEntries): Promise<void> {
  for (const cookie of withHeaders(new Response(), headers).cookies.getAll()) (await cookieStore()).set(cookie)
}

function listed(header: string | null): readonly string[] {
  return (header ?? '').split(',').map((part) => part.trim().toLowerCase())
}
