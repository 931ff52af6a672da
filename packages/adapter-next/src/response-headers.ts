import type { HeaderList } from '@latchkey/core/adapter'
import { NextResponse } from 'next/server'

/** A response with more headers: cookies and `Vary` beside those that are there, others in their place. */
export function withHeaders(response: Response, headers: HeaderList): NextResponse {
  const moved = new NextResponse(response.body, response)
  for (const [name, value] of headers) {
    if (name === 'set-cookie') moved.headers.append(name, value)
    else moved.headers.set(name, name === 'vary' ? withVary(moved.headers.get(name), value) : value)
  }
  return moved
}

function withVary(present: string | null, value: string): string {
  const names = (present ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name.toLowerCase() !== value.toLowerCase())
  return [...names, value].join(', ')
}
