import type { ServerResponse } from 'node:http'
import type { HeaderEntries } from '@latchkey/core/adapter'

/** Something with headers that are made when they are read. */
export interface HeaderSource {
  readonly headers: HeaderEntries
}

type HeaderValue = string | number | readonly string[] | undefined

const kept = new WeakMap<ServerResponse, HeaderSource[]>()

/**
 * Keeps headers until the response is sent, whoever sends it: no handler can make an answer about a session cacheable.
 * Cookies and `Vary` go beside those that are there, others in their place.
 */
export function keepHeaders(response: ServerResponse, source: HeaderSource): void {
  const sources = kept.get(response)
  if (sources === undefined) moveWhenSent(response, [source])
  else sources.push(source)
}

function moveWhenSent(response: ServerResponse, sources: HeaderSource[]): void {
  kept.set(response, sources)
  const { writeHead } = response
  const writeAll = (status: number, ...rest: readonly unknown[]): ServerResponse => {
    response.writeHead = writeHead
    kept.delete(response)
    setGiven(response, rest.at(-1))
    for (const { headers } of sources) for (const header of headers) moveHeader(response, header)
    return typeof rest[0] === 'string' ? response.writeHead(status, rest[0]) : response.writeHead(status)
  }
  response.writeHead = writeAll
}

/** Headers that are given to `writeHead` would replace those that were set: Fastify gives all of them. */
function setGiven(response: ServerResponse, given: unknown): void {
  if (typeof given !== 'object' || given === null) return
  const list = (Array.isArray(given) ? given : Object.entries(given).flat(1)) as readonly HeaderValue[]
  const headers = list.flatMap((name, index) => (index % 2 === 0 ? [[String(name), list[index + 1]] as const] : []))
  for (const [name] of headers) response.removeHeader(name)
  for (const [name, value] of headers) {
    if (value !== undefined) response.appendHeader(name, typeof value === 'object' ? value : String(value))
  }
}

function moveHeader(response: ServerResponse, [name, value]: HeaderEntries[number]): void {
  if (name === 'set-cookie') response.appendHeader(name, value)
  else response.setHeader(name, name === 'vary' ? withVary(response.getHeader(name), value) : value)
}

function withVary(present: HeaderValue, value: string): string {
  const names = String(present ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name.toLowerCase() !== value.toLowerCase())
  return [...names, value].join(', ')
}
