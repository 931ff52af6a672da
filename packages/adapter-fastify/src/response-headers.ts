import type { HeaderEntries } from '@latchkey/core/adapter'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** What has headers for a response; they are made when they are read. */
export interface HeaderSource {
  readonly headers: HeaderEntries
}

const kept = new WeakMap<FastifyRequest, readonly HeaderSource[]>()

/** Adds headers to a reply: cookies and `Vary` beside those that are there, others in their place. */
export function moveHeaders(reply: FastifyReply, headers: HeaderEntries): void {
  for (const [name, value] of headers) {
    // Fastify itself adds a Set-Cookie to those that are there.
    reply.header(name, name === 'vary' ? withVary(reply.getHeader(name), value) : value)
  }
}

/** Keeps headers until the reply is sent: a handler cannot make an answer about a session cacheable. */
export function keepHeaders(request: FastifyRequest, source: HeaderSource): void {
  kept.set(request, [...(kept.get(request) ?? []), source])
}

/** Moves what `keepHeaders` kept. */
export function moveKeptHeaders(request: FastifyRequest, reply: FastifyReply): void {
  for (const { headers } of kept.get(request) ?? []) moveHeaders(reply, headers)
  kept.delete(request)
}

function withVary(present: number | string | string[] | undefined, value: string): string {
  const names = String(present ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name.toLowerCase() !== value.toLowerCase())
  return [...names, value].join(', ')
}
