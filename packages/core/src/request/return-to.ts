import { coreError } from '../errors/core-errors.ts'
import { parseUrl } from '../model/url.ts'

declare const brand: unique symbol

/** Where the browser goes after a sign-in or sign-out: only {@link returnTarget} makes one. */
export type ReturnTarget = string & { readonly [brand]: 'ReturnTarget' }

/** What a return target is measured against. */
export interface ReturnTargetRules {
  /** Our own origin at which the request arrived. */
  readonly origin: string
  readonly basePath: string
  /** Other origins that may be returned to. */
  readonly returnOrigins: readonly string[]
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
  if (value === null || value === undefined) return '/' as ReturnTarget
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
  return resolve(target, { origin: 'https://our.invalid', basePath, returnOrigins: [] }) ?? '/'
}

function resolve(value: string, { origin, basePath, returnOrigins }: ReturnTargetRules): string | null {
  const isPath = value.startsWith('/')
  if (!isPath && !/^https?:\/\/[^/]/i.test(value)) return null
  const [before = ''] = value.split(/[?#]/, 1)
  if (hasControlCharacters(value) || before.includes('\\') || endsHeaderLine(value)) return null
  const url = isPath ? parseUrl(origin + value) : parseUrl(value)
  if (url === null || url.href.length > maxCharacters || url.username !== '' || url.password !== '') return null
  if (url.origin !== origin) return !isPath && returnOrigins.includes(url.origin) ? url.href : null
  if (!isPathOfOurs(url.pathname, { origin, basePath })) return null
  return url.pathname + url.search + url.hash
}

/**
 * Whether a path stays on our origin and outside of the auth routes, also for a server in front of us, or a page of ours,
 * that decodes it once or twice too often, or normalises its characters.
 */
function isPathOfOurs(path: string, { origin, basePath }: Pick<ReturnTargetRules, 'origin' | 'basePath'>): boolean {
  let reading: string | null = path
  for (let round = 0; round < 3 && reading !== null; round++) {
    for (const read of [reading, reading.normalize('NFKC')]) {
      // Servers that cut off what follows a semicolon make `//` of `/;/`.
      const url = /^\/[/\\;]/.test(read) || hasControlCharacters(read) ? null : parseUrl(origin + read)
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

/** The same text decoded; null if there is nothing left to decode. */
function decodeOnce(path: string): string | null {
  try {
    const decoded = decodeURIComponent(path)
    return decoded === path ? null : decoded
  } catch {
    return null
  }
}

function hasControlCharacters(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f]/.test(text)
}

/** Characters that a server which cuts them to one byte writes as a line break. */
function endsHeaderLine(text: string): boolean {
  return [...text].some((character) => character > '\u00ff' && [0x0a, 0x0d].includes(character.charCodeAt(0) & 0xff))
}
