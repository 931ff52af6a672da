import { isSafePath } from './redirection-path.ts'

/** Whether a text can stand in an allow-list: a safe path, in which `:id` segments stand for any one segment. */
export function isPathPattern(pattern: string): boolean {
  return isSafePath(
    pattern
      .split('/')
      .map((segment) => (parameter.test(segment) ? 'any' : segment))
      .join('/'),
  )
}

/** Whether a path is on the list: equal to an entry, but for `:id` segments, which hold one plain segment each. */
export function isAllowedPath(path: string, patterns: readonly string[]): boolean {
  const segments = path.split('/')
  return patterns.some((pattern) => {
    const expected = pattern.split('/')
    return expected.length === segments.length && expected.every((segment, index) => matches(segments[index], segment))
  })
}

const parameter = /^:[a-z]\w*$/i
// Unreserved characters only (RFC 3986, 2.3): nothing to decode, and no dot segment.
const plainSegment = /^(?!\.{1,2}$)[\w.~-]+$/

function matches(segment: string | undefined, expected: string): boolean {
  return segment === expected || (parameter.test(expected) && segment !== undefined && plainSegment.test(segment))
}
