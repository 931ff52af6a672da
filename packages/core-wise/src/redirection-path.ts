import { wiseError } from './errors.ts'

/**
 * Whether a text is a path inside the white-label site and nothing else, however often and by whomever it is decoded.
 * What Wise does with the value is not documented, so everything that any URL reader could take for another host is
 * refused.
 */
export function isSafePath(path: string): boolean {
  if (path.length > maximumLength || !rootRelative.test(path) || hasByteLineBreak(path)) return false
  const [pathname = ''] = path.split(/[?#]/, 1)
  const decoded = decode(path)
  const decodedPathname = decode(pathname)
  return (
    decoded !== null &&
    decodedPathname !== null &&
    !neverInPath.test(decoded) &&
    !encodedSyntax.test(pathname) &&
    !ambiguousPathname.test(decodedPathname) &&
    new URL(path, anyOrigin).origin === anyOrigin
  )
}

/**
 * Encodes a path as the value of `redirectionUrl`, byte for byte as the vendor's example has it: slashes stay.
 *
 * @throws `wise/path_unsafe`
 */
export function encodeRedirectionPath(path: string): string {
  if (typeof path !== 'string' || path.length > maximumLength) throw wiseError('wise/path_unsafe')
  // Nothing in it is decoded, cut off or encoded by anyone: most paths are like this.
  if (plainPath.test(path)) return path
  if (!isSafePath(path)) throw wiseError('wise/path_unsafe')
  return encodeURIComponent(path).replaceAll('%2F', '/')
}

const maximumLength = 2048
const anyOrigin = 'https://white-label.invalid'
const plainPath = /^\/[A-Za-z0-9][A-Za-z0-9_-]*(?:\/[A-Za-z0-9_-]+)*$/
const rootRelative = /^\/(?![^a-z0-9?#])/i
const neverInPath = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\\]/u
const encodedSyntax = /%2[ef]/i
// A dot segment, also where a reader cuts parameters off (`/..;/`), or something that decodes once more.
const ambiguousPathname = /\/\.{1,2}(?:[/;?#]|$)|%/

/** As the most lenient reader sees it: decoded, and with look-alikes such as U+FF0F in their plain form. */
function decode(text: string): string | null {
  try {
    return decodeURIComponent(text).normalize('NFKC')
  } catch {
    return null
  }
}

/** Servers that cut characters to bytes read U+560D U+560A as CR LF. */
function hasByteLineBreak(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const byte = text.charCodeAt(index) & 0xff
    if (byte === 0x0a || byte === 0x0d) return true
  }
  return false
}
