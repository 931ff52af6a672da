import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { HeaderEntries } from './request-like.ts'
import { cookieName } from './request-scope.ts'

/** The headers of a Node response, also of one that a framework has wrapped. */
export interface NodeHeaders {
  /** Sets a header. */
  setHeader(name: string, value: string | readonly string[]): unknown
  /** What a header was set to. */
  getHeader(name: string): number | string | readonly string[] | undefined
}

/**
 * Adds headers to a Node response at the moment at which its headers are sent, beside those of the app and after them: see
 * {@link addHeaders}.
 */
export function whenHeadersAreSent(response: ServerResponse, read: () => HeaderEntries): void {
  // Node calls it, too, before the first byte of a body: every response goes through it.
  const writeHead = response.writeHead.bind(response) as WriteHead
  const replacement: WriteHead = (status, ...rest) => {
    const given = rest.find((each): each is GivenHeaders => typeof each === 'object' && each !== null)
    const entries = response.headersSent ? [] : read()
    if (entries.length === 0) return writeHead(status, ...rest)
    const texts = rest.filter((each) => typeof each === 'string')
    // As Fastify does it.
    const isAll = given !== undefined && !isList(given) && response.getHeaderNames().length === 0
    if (isAll) return writeHead(status, ...texts, withHeaders(given, entries))
    setGivenHeaders(response, given)
    addHeaders(response, entries)
    return writeHead(status, ...texts)
  }
  response.writeHead = replacement
}

type GivenHeaders = OutgoingHttpHeaders | readonly OutgoingHttpHeader[]

/** Both signatures of Node's `writeHead`. */
type WriteHead = (status: number, ...rest: (string | GivenHeaders | undefined)[]) => ServerResponse

const isList = (headers: GivenHeaders): headers is readonly OutgoingHttpHeader[] => Array.isArray(headers)

/** All headers of a response, with others beside them: to set each by itself costs half of what sending them costs. */
function withHeaders(given: OutgoingHttpHeaders, entries: HeaderEntries): OutgoingHttpHeaders {
  const all: Record<string, number | string | readonly string[]> = { __proto__: null as never }
  for (const name of Object.keys(given)) {
    const value = given[name]
    if (value !== undefined) all[name.toLowerCase()] = value
  }
  for (const [name, value] of entries) all[name] = mergedHeader(name, value, all[name])
  return all as OutgoingHttpHeaders
}

/** Does what `writeHead` does with the headers that it is given: they take the place of those that are there. */
function setGivenHeaders(response: ServerResponse, given: GivenHeaders | undefined): void {
  if (given === undefined) return
  if (!isList(given)) {
    for (const [name, value] of Object.entries(given)) if (value !== undefined) response.setHeader(name, value)
    return
  }
  const flat = given.flat()
  const pairs = Array.from({ length: flat.length / 2 }, (_, index) =>
    [flat[index * 2], flat[index * 2 + 1]].map(String),
  )
  for (const [name = ''] of pairs) response.removeHeader(name)
  for (const [name = '', value = ''] of pairs) response.appendHeader(name, value)
}

/**
 * Adds headers to a Node response beside those of the app: a cookie takes the place of one of the same name, `Vary` is
 * joined, others are set.
 */
export function addHeaders(response: NodeHeaders, headers: Iterable<readonly [name: string, value: string]>): void {
  for (const [name, value] of headers) response.setHeader(name, mergedHeader(name, value, response.getHeader(name)))
}

/** The value that a header has once another value of it is added. */
export function mergedHeader(
  name: string,
  value: string,
  present: number | string | readonly string[] | undefined,
): string | readonly string[] {
  if (present === undefined) return name.toLowerCase() === 'set-cookie' ? [value] : value
  switch (name.toLowerCase()) {
    case 'set-cookie': {
      const lines = [present].flat().map(String)
      return [...lines.filter((line) => cookieName(line) !== cookieName(value)), value]
    }
    case 'vary': {
      const names = new Map(namesIn(present).map((part) => [part.toLowerCase(), part]))
      for (const part of namesIn(value)) if (!names.has(part.toLowerCase())) names.set(part.toLowerCase(), part)
      return names.has('*') ? '*' : [...names.values()].join(', ')
    }
    default:
      return value
  }
}

function namesIn(value: number | string | readonly string[] | undefined): readonly string[] {
  return String(value ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
