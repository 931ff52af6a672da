import type { HeaderEntries } from '@latchkey/core/adapter'
import type { NextRequest } from 'next/server'

/** Puts what a response sets into the cookies of its own request, as the browser will; the others stay as they were. */
export function replaceCookies(request: NextRequest, headers: HeaderEntries): void {
  const lines = headers.filter(([name]) => name === 'set-cookie').map(([, line]) => line)
  const pairs = new Map(lines.map((line) => [nameOf(line), /; Max-Age=0(?:;|$)/.test(line) ? null : pairOf(line)]))
  const others = (request.headers.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((pair) => pair !== '' && !pairs.has(nameOf(pair)))
  for (const [name, pair] of pairs) {
    if (pair === null) request.cookies.delete(name)
    else request.cookies.set(name, pair.slice(name.length + 1))
  }
  // Last: `request.cookies` writes the others anew, in its own encoding.
  request.headers.set('cookie', [...others, ...[...pairs.values()].filter((pair) => pair !== null)].join('; '))
}

function pairOf(line: string): string {
  return line.split(';', 1)[0] ?? ''
}

function nameOf(line: string): string {
  return pairOf(line).split('=', 1)[0] ?? ''
}
