import type { HeaderList } from '@latchkey/core/adapter'
import type { FastifyReply, FastifyRequest } from 'fastify'

const kept = new WeakMap<FastifyRequest, HeaderList>()

/** Adds headers to a reply: cookies and `Vary` beside those that are there, others in their place. */
export function moveHeaders(reply: FastifyReply, headers: HeaderList): void {
  for (const [name, value] of headers) {
    // Fastify itself adds a Set-Cookie to those that are there.
    reply.header(name, name === 'vary' ? withVary(reply.getHeader(name), value) : value)
  }
}

/** Keeps headers until the reply is sent: a handler cannot make an answer about a session cacheable. */
export function keepHeaders(request: FastifyRequest, headers: HeaderList): void {
  kept.set(request, headers)
}

/** Moves what `keepHeaders` kept. */
export function moveKeptHeaders(request: FastifyRequest, reply: FastifyReply): void {
  moveHeaders(reply, kept.get(request) ?? [])
  kept.delete(request)
}

function withVary(present: number | string | string[] | undefined, value: string): string {
  const names = String(present ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name.toLowerCase() !== value.toLowerCase())
  return [...names, value].join(', ')
}
