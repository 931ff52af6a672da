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

const mostCharacters = 2048

/**
 * Makes a return target of a value that a request brought: a path on our own origin, outside of the auth routes, or a
 * URL on one of `returnOrigins`. No value is `/`.
 *
 * @throws `auth/return_url_invalid`
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-4.11
 */
export function returnTarget(value: string | null | undefined, rules: ReturnTargetRules): ReturnTarget {
  if (value === null || value === undefined) return '/' as ReturnTarget
  const target = isPlain(value) ? resolve(value, rules) : null
  if (target === null) throw coreError('auth/return_url_invalid')
  return target as ReturnTarget
}

/** The same, with `/` in place of an error. */
export function returnTargetOrRoot(value: string | undefined, rules: ReturnTargetRules): ReturnTarget {
  const target = value === undefined || !isPlain(value) ? null : resolve(value, rules)
  return (target ?? '/') as ReturnTarget
}

/** Printable ASCII without backslash, and nothing encoded that is a line break or other control character. */
function isPlain(value: string): boolean {
  return value.length <= mostCharacters && /^[\x21-\x5b\x5d-\x7e]+$/.test(value) && !/%(?:[01][0-9a-f]|7f)/i.test(value)
}

/** A path that some server between the browser and us may read as another one. */
const ambiguousPath = /^\/\/|\/;|%(?:2f|5c|25)/i

function resolve(value: string, { origin, basePath, returnOrigins }: ReturnTargetRules): string | null {
  const isPath = value.startsWith('/')
  if (!isPath && !/^https?:\/\/[^/]/i.test(value)) return null
  const url = isPath ? parseUrl(origin + value) : parseUrl(value)
  if (url === null || url.username !== '' || url.password !== '') return null
  if (url.origin !== origin) return !isPath && returnOrigins.includes(url.origin) ? url.href : null
  const path = url.pathname + url.search + url.hash
  if (ambiguousPath.test(url.pathname) || isUnder(url.pathname, basePath)) return null
  return path
}

function isUnder(path: string, basePath: string): boolean {
  const decoded = decodeOnce(path).toLowerCase()
  return decoded === basePath.toLowerCase() || decoded.startsWith(`${basePath.toLowerCase()}/`)
}

function decodeOnce(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
