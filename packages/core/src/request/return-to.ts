import { coreError } from '../errors/core-errors.ts'
import { parseUrl } from '../model/url.ts'

declare const brand: unique symbol

/** Where the browser goes after a sign-in or sign-out: only `returnTarget` makes one. */
export type ReturnTarget = string & { readonly [brand]: 'ReturnTarget' }

/** What a return target is measured against. */
export interface ReturnTargetRules {
  /** Our own origin at which the request arrived. */
  readonly origin: string
  readonly basePath: string
  /** Other origins that may be returned to. */
  readonly returnOrigins: ReadonlySet<string>
}

const maxCharacters = 2048

/**
 * Makes a return target of a value that a request brought: a path on our own origin, outside of the auth routes, or a
 * URL on one of `returnOrigins`. No value is `/`. What a browser would percent-encode is encoded.
 *
 * @throws `auth/return_url_invalid`
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-4.11
 */
export function returnTarget(value: string | null | undefined, rules: ReturnTargetRules): ReturnTarget {
  // What most logins have, and what needs no look.
  if (value === null || value === undefined || value === '/') return '/' as ReturnTarget
  const target = resolve(value, rules)
  if (target === null) throw coreError('auth/return_url_invalid')
  return target as ReturnTarget
}

/** The same, with `/` in place of an error. */
export function returnTargetOrRoot(value: string | undefined, rules: ReturnTargetRules): ReturnTarget {
  return ((value === undefined ? null : resolve(value, rules)) ?? '/') as ReturnTarget
}

/**
 * The path and query of a page of ours as a return target that {@link returnTarget} accepts; `/` for a page that it would
 * refuse, so that there is a way to sign in from every page.
 */
export function pageTarget(target: string, basePath: string): string {
  return resolve(target, { origin: 'https://our.invalid', basePath, returnOrigins: none }) ?? '/'
}

const none: ReadonlySet<string> = new Set()

function resolve(value: string, { origin, basePath, returnOrigins }: ReturnTargetRules): string | null {
  const isPath = value.startsWith('/')
  if (!isPath && !/^https?:\/\/[^/]/i.test(value)) return null
  const [before = ''] = value.split(/[?#]/, 1)
  if (hasControlCharacters(value) || before.includes('\\') || endsHeaderLine(value)) return null
  const url = isPath ? parseUrl(origin + value) : parseUrl(value)
  if (url === null || url.username !== '' || url.password !== '') return null
  const isOurs = url.origin === origin
  // Without the origin: a guard, which judges by the path alone, must come to the same length.
  const target = isOurs ? url.pathname + url.search + url.hash : url.href
  // As the cookie of a login holds it: JSON writes a backslash, which a query may hold, as two.
  if (JSON.stringify(target).length - 2 > maxCharacters) return null
  if (!isOurs) return !isPath && returnOrigins.has(url.origin) ? target : null
  return isPathOfOurs(url.pathname, { origin, basePath }) ? target : null
}

/**
 * Whether a path stays on our origin and outside of the auth routes, also for a server in front of us, or a page of ours,
 * that decodes it once or twice too often, normalises its characters, or cuts parameters such as `;v=1` off its segments.
 */
function isPathOfOurs(path: string, { origin, basePath }: Pick<ReturnTargetRules, 'origin' | 'basePath'>): boolean {
  let reading: string | null = path
  for (let round = 0; round < 3 && reading !== null; round++) {
    // Most paths read the same in each of these ways.
    const readings = [reading, reading.normalize('NFKC')].flatMap((each) => [each, withoutParameters(each)])
    for (const read of new Set(readings)) {
      const url = /^\/[/\\]/.test(read) || hasControlCharacters(read) ? null : parseUrl(origin + read)
      if (url === null || url.origin !== origin || url.pathname.startsWith('//')) return false
      if (isUnder(url.pathname.toLowerCase(), basePath.toLowerCase())) return false
    }
    reading = decodeOnce(reading)
  }
  return true
}

function isUnder(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`)
}

/** @see https://www.rfc-editor.org/rfc/rfc3986#section-3.3 */
function withoutParameters(path: string): string {
  return path.replaceAll('\\', '/').replaceAll(/;[^/]*/g, '')
}

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })

/** The same text decoded, as servers do that let pass what is no escape or no UTF-8; null if nothing is left to decode. */
function decodeOnce(path: string): string | null {
  const decoded = path.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    decoder.decode(Uint8Array.from(escapes.slice(1).split('%'), (byte) => Number.parseInt(byte, 16))),
  )
  return decoded === path ? null : decoded
}

function hasControlCharacters(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f]/.test(text)
}

/** Characters that a server which cuts them to one byte writes as a line break. */
function endsHeaderLine(text: string): boolean {
  return [...text].some((character) => character > '\u00ff' && [0x0a, 0x0d].includes(character.charCodeAt(0) & 0xff))
}
