import type { HeaderEntries } from '@latchkey/core/adapter'
import type { NextRequest } from 'next/server.js'

/** The Cookie header of a browser once it has what a response sets; the other cookies stay as they were. */
export function cookieHeaderAfter(cookieHeader: string | null, headers: HeaderEntries): string {
  const pairs = pairsSet(headers)
  const others = (cookieHeader ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((pair) => pair !== '' && !pairs.has(cookieName(pair)))
  return [...others, ...[...pairs.values()].filter((pair) => pair !== null)].join('; ')
}

/** Puts what a response sets into the cookies of its own request, as the browser will. */
export function replaceCookies(request: NextRequest, headers: HeaderEntries): void {
  const cookieHeader = cookieHeaderAfter(request.headers.get('cookie'), headers)
  for (const [name, pair] of pairsSet(headers)) {
    if (pair === null) request.cookies.delete(name)
    else request.cookies.set(name, pair.slice(name.length + 1))
  }
  // Last: `request.cookies` writes the others anew, in its own encoding.
  request.headers.set('cookie', cookieHeader)
}

/** The name of the cookie in a Set-Cookie line, or in a pair of a Cookie header. */
export function cookieName(line: string): string {
  return pairOf(line).split('=', 1)[0] ?? ''
}

/** What Set-Cookie lines leave in the browser, by name: the pair, or null where the cookie is removed. */
function pairsSet(headers: HeaderEntries): ReadonlyMap<string, string | null> {
  const lines = headers.filter(([name]) => name === 'set-cookie').map(([, line]) => line)
  return new Map(lines.map((line) => [cookieName(line), /; Max-Age=0(?:;|$)/.test(line) ? null : pairOf(line)]))
}

function pairOf(line: string): string {
  return line.split(';', 1)[0] ?? ''
}
