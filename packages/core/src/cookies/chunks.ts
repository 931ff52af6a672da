import type { RequestCookies } from './request-cookies.ts'
import type { Cookies } from './response-cookies.ts'

/** How much of a value one cookie carries: with its name and attributes it stays below 4,096 bytes. */
export const chunkBytes = 3800

/** Over this a browser's request is cut by proxies (8 kB a header line) or answered 431 by Node (16 kB). */
const mostChunks = 3

/**
 * Reads a value that may be spread over several cookies: `name`, `name.1`, `name.2`. A full chunk is followed by
 * another, so a left-over of an older, longer value is never mixed in; the seal refuses any other mix.
 */
export function readChunks(cookies: RequestCookies, name: string): string | null {
  let value = ''
  for (let index = 0; index < mostChunks; index++) {
    const chunk = cookies.only(chunkName(name, index))
    if (chunk === null) return null
    value += chunk
    if (chunk.length < chunkBytes) return value
  }
  return null
}

/** So many are tried, whatever a request brings. */
const mostReadings = 16

/** The ways in which cookies can be meant, and whether there are more of them than are tried. */
export interface Readings {
  readonly ways: readonly RequestCookies[]
  readonly isCut: boolean
}

/**
 * The ways in which the cookies of a value can be meant where a name came twice, which `only` answers with null: each
 * takes one value of each name. Where none came twice there is one way.
 */
export function readingsOf(sent: RequestCookies, name: string): Readings {
  let chosen: readonly ReadonlyMap<string, string>[] = [new Map()]
  let isCut = false
  for (let index = 0; index < mostChunks; index++) {
    const chunk = chunkName(name, index)
    const values = [...new Set(sent.all(chunk))].slice(0, mostReadings + 1)
    if (values.length === 0) continue
    const more = chosen.flatMap((each) => values.map((value) => new Map([...each, [chunk, value]])))
    isCut ||= more.length > mostReadings
    chosen = more.slice(0, mostReadings)
  }
  const ways = chosen.map((each) => ({
    only: (asked: string) => each.get(asked) ?? sent.only(asked),
    all: (asked: string) => sent.all(asked),
    namesWith: (prefix: string) => sent.namesWith(prefix),
  }))
  return { ways, isCut }
}

/** Writes a value over as many cookies as it needs, and expires those that a longer value left behind. */
export function writeChunks(
  cookies: Cookies,
  name: string,
  content: { readonly value: string; readonly lifetime: number; isCurrent?(): boolean },
): void {
  const count = chunkCount(content.value.length)
  for (let index = 0; index < count; index++) {
    const chunk = content.value.slice(index * chunkBytes, (index + 1) * chunkBytes)
    cookies.response.set(chunkName(name, index), chunk, content)
  }
  expireChunks(cookies, name, count)
}

/** Expires the chunks of a value that the browser sent, from chunk `from` on. */
export function expireChunks(cookies: Cookies, name: string, from = 0): void {
  for (const sent of cookies.sent.namesWith(name)) {
    const index = chunkIndex(name, sent)
    if (index !== null && index >= from) cookies.response.expire(sent)
  }
}

/** How many cookies a value of this length takes: the last is never full. */
export function chunkCount(length: number): number {
  return Math.floor(length / chunkBytes) + 1
}

function chunkName(name: string, index: number): string {
  return index === 0 ? name : `${name}.${index}`
}

/** Whether a Set-Cookie line sets or expires a chunk of the value with this name. */
export function isChunkLine(name: string, line: string): boolean {
  return chunkIndex(name, line.slice(0, line.indexOf('='))) !== null
}

function chunkIndex(name: string, sent: string): number | null {
  if (sent === name) return 0
  if (!sent.startsWith(name)) return null
  const suffix = sent.slice(name.length)
  return /^\.[1-9]$/.test(suffix) ? Number(suffix.slice(1)) : null
}
