import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAuthError } from '../errors/auth-error.ts'
import { pageTarget, returnTarget } from './return-to.ts'

const rules = {
  origin: 'https://app.example.com',
  basePath: '/auth',
  returnOrigins: new Set(['https://other.example']),
}
const vectors = new URL('../../test/vectors/', import.meta.url)
const payloads = JSON.parse(readFileSync(new URL('open-redirects.json', vectors), 'utf8')) as {
  category: string
  payload: string
  expect: 'reject' | 'same-origin-or-reject'
}[]
const allowed = readFileSync(new URL('open-redirects-allow.txt', vectors), 'utf8').split('\n').filter(Boolean)

function outcome(value: string): string | null {
  try {
    return returnTarget(value, rules)
  } catch (error) {
    if (isAuthError(error) && error.code === 'auth/return_url_invalid') return null
    throw error
  }
}

/** What a browser makes of the Location header. */
const landsOn = (location: string): string => new URL(location, 'https://app.example.com/auth/callback').origin

describe('return targets', () => {
  it.each(payloads)('treats $category $payload as it must', ({ payload, expect: expected }) => {
    const target = outcome(payload)
    if (expected === 'reject') expect(target).toBeNull()
    else if (target !== null) expect(landsOn(target)).toBe('https://app.example.com')
  })

  it.each(allowed)('accepts %s', (value) => {
    const target = outcome(value)
    expect(target).not.toBeNull()
    expect(new URL(target ?? '', rules.origin).href).toBe(new URL(value, rules.origin).href)
  })

  it('shows that the corpus has teeth: a check for a leading slash alone lets browsers off our origin', () => {
    const escaped = payloads.filter(({ payload }) => {
      if (!payload.startsWith('/')) return false
      try {
        return landsOn(payload) !== 'https://app.example.com'
      } catch {
        return false
      }
    })
    expect(escaped.length).toBeGreaterThan(5)
  })

  it('is the root when nothing is asked for', () => {
    expect(returnTarget(null, rules)).toBe('/')
    expect(returnTarget(undefined, rules)).toBe('/')
  })

  it('accepts a listed origin whole, and no other', () => {
    expect(outcome('https://other.example/x?y#z')).toBe('https://other.example/x?y#z')
    expect(outcome('https://other.example.evil.example/')).toBeNull()
    expect(outcome('http://other.example/')).toBeNull()
  })

  it.each(['/auth', '/auth/', '/auth/wristband/login', '/AUTH/logout', '/%61uth/logout', '/x/../auth/logout'])(
    'refuses %s, which would begin another sign-in or sign-out',
    (value) => expect(outcome(value)).toBeNull(),
  )

  it.each([
    ['/files/100%25', '/files/100%25'],
    ['/files/a%2Fb', '/files/a%2Fb'],
    ['/s?q=%0Aline', '/s?q=%0Aline'],
    ['/s?q=a\\b', '/s?q=a\\b'],
    ['/a b', '/a%20b'],
    ['/städte', '/st%C3%A4dte'],
    ['/display/IT+Team', '/display/IT+Team'],
    ['/?next=//x/', '/?next=//x/'],
  ])('comes back to the page %s', (value, target) => {
    expect(outcome(value)).toBe(target)
  })

  it.each(['/a/;x/y', '/;x', '/a;v=1/b', '/100%/a', '/caf%e9', '/x/%2F%ff', '/authority', '/auth2;x', '/a/..;/b'])(
    'comes back to the page %s as it is',
    (value) => expect(outcome(value)).toBe(value),
  )

  it.each([
    ['a server decodes what it can', '/%2Fevil.example/%zz'],
    ['the same, of bytes that are no UTF-8', '/%2Fevil.example/%ff'],
    ['the same, of an auth route', '/%61uth/logout/..%2Fexample/login/%e9'],
    ['the same, of a wide slash', '/%EF%BC%8Fevil.example/%ff'],
    ['a server cuts off parameters', '/;/evil.example'],
    ['the same, twice', '/;a=b/;c/evil.example'],
    ['the same, escaped', '/%3Bx/evil.example'],
    ['the same, with a backslash', '/;%5Cevil.example'],
    ['the same, of an auth route', '/auth;v=1/logout'],
    ['the same, of dots', '/x/..;/auth/logout'],
  ])('refuses a path that leads elsewhere where %s: %s', (_reason, value) => expect(outcome(value)).toBeNull())

  it('measures a page by its path: the name of the host takes nothing away', () => {
    const origin = 'https://a-department-with-a-long-name.app.example.com'
    const longest = `/${'x'.repeat(2047)}`
    expect(pageTarget(longest, '/auth')).toBe(longest)
    expect(returnTarget(longest, { ...rules, origin })).toBe(longest)
    expect(pageTarget(`${longest}x`, '/auth')).toBe('/')
  })

  it('measures a page as JSON writes it: so it fits into the cookie of a login', () => {
    const longest = `/?${'\\'.repeat(1023)}`
    expect(pageTarget(longest, '/auth')).toBe(longest)
    expect(pageTarget(`${longest}\\`, '/auth')).toBe('/')
    expect(outcome(`${longest}\\`)).toBeNull()
  })

  it('accepts what a guard makes of any page that a request can name', () => {
    const target = fc.oneof(
      fc.webPath().map((path) => `/${path}`),
      fc.tuple(fc.webPath(), fc.webQueryParameters()).map(([path, query]) => `/${path}?${query}`),
      fc
        .array(fc.constantFrom(...'/%25 %2F %5c %00 ; // .. . \\ a ü ? # & = %'.split(' ')))
        .map((parts) => `/${parts.join('')}`),
    )
    fc.assert(
      fc.property(target, (page) => {
        const made = pageTarget(page, '/auth')
        expect(outcome(made)).toBe(made)
      }),
      { numRuns: 5000 },
    )
    expect(pageTarget(`/${'x'.repeat(4000)}`, '/auth')).toBe('/')
  })

  it('keeps every text on our origin, and its own results as they are', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.webPath().map((path) => `/${path}`),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const target = outcome(text)
        if (target === null) return
        expect(['https://app.example.com', 'https://other.example']).toContain(landsOn(target))
        expect(outcome(target)).toBe(target)
      }),
      { numRuns: 2000 },
    )
  })
})
