import type { HeaderList } from '@latchkey/core/adapter'
import type { FastifyReply, FastifyRequest } from 'fastify'

const pending = new WeakMap<FastifyRequest, HeaderList>()

/** Adds headers to a reply: cookies and `Vary` beside those that are there, others in their place. */
export function moveHeaders(reply: FastifyReply, headers: HeaderList): void {
  for (const [name, value] of headers) {
    if (name === 'vary') reply.header(name, withVary(reply.getHeader(name), value))
    else reply.header(name, value)
  }
}

/** Keeps headers for a reply that is not at hand; they are moved when it is sent. */
export function keepHeaders(request: FastifyRequest, headers: HeaderList): void {
  pending.set(request, headers)
}

/** Moves what `keepHeaders` kept. */
export function movePendingHeaders(request: FastifyRequest, reply: FastifyReply): void {
  moveHeaders(reply, pending.get(request) ?? [])
  pending.delete(request)
}

function withVary(present: number | string | string[] | undefined, value: string): string {
  const names = (Array.isArray(present) ? present : String(present ?? '').split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return names.some((name) => name.toLowerCase() === value.toLowerCase())
    ? names.join(', ')
    : [...names, value].join(', ')
}
