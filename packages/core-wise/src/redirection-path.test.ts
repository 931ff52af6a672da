import fc from 'fast-check'
import { expect, it } from 'vitest'
import corpus from '../test/vectors/open-redirects.json' with { type: 'json' }
import { encodeRedirectionPath, isSafePath } from './redirection-path.ts'

const site = 'https://xyz.onlineclass.site'

it('leaves the path of the vendor’s example as it is', () => {
  expect(encodeRedirectionPath('/student/classes/1234/resources')).toBe('/student/classes/1234/resources')
})

it.each([
  ['/a?b=1&c=2#f', '/a%3Fb%3D1%26c%3D2%23f'],
  ['/a b', '/a%20b'],
  ['/klasse/für-alle', '/klasse/f%C3%BCr-alle'],
  ['/a%20b', '/a%2520b'],
  ['/a+b', '/a%2Bb'],
])('encodes %s as %s', (path, encoded) => {
  expect(encodeRedirectionPath(path)).toBe(encoded)
})

it.each([
  '/',
  '/dashboard?tab=1',
  '/a/b/c#frag',
  '/caf%C3%A9',
  '/q?x=https://other.example/',
  '/q?next=%2F%2Fx',
  '/a:b',
  '/user@host',
  '/a//b',
  '/?x=1',
  '/#/x',
  '/a/..b/c.d',
])('accepts %s', (path) => {
  expect(isSafePath(path)).toBe(true)
})

it.each(corpus.filter(({ expect: expected }) => expected === 'reject'))('refuses $payload', ({ payload }) => {
  expect(() => encodeRedirectionPath(payload)).toThrow(
    expect.objectContaining({ code: 'wise/path_unsafe', status: 400 }),
  )
})

it.each(corpus.filter(({ expect: expected }) => expected !== 'reject'))(
  'never leaves the site by $payload',
  ({ payload }) => {
    if (isSafePath(payload)) expect(new URL(payload, site).origin).toBe(site)
  },
)

it.each([
  '/a/..',
  '/a/.',
  '/a/..;/b',
  '/a/%2E%2E/b',
  '/a/.%2e/b',
  '/a/%2e',
  '/a/..%3Fb',
  '/a%2Fb',
  '/a%5Cb',
  '/a%255cb',
  '/a\uff05' + '2e',
  '/a/\uff0e\uff0e/b',
  '/a/\u2024\u2024/b',
  '/a\uff3cb',
  '/a\u0085b',
  '/a\u2028b',
  '/a%00b',
  '/a?x=%0d%0ay',
  '/a%C0%AFb',
  '/a%zz',
  '/a\uD800',
  '/\u4e0a',
  `/${'a'.repeat(2048)}`,
])('refuses %j', (path) => {
  expect(isSafePath(path)).toBe(false)
})

it.each([null, 7, {}, ['/ok'], true])('refuses %j, which is no text', (path) => {
  expect(() => encodeRedirectionPath(path as string)).toThrow(expect.objectContaining({ code: 'wise/path_unsafe' }))
})

it('round-trips through URLSearchParams, alone in its parameter', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 })
  const path = fc.tuple(text, text, text).map(([one, two, three]) => `/a${one}?${two}&b=${three}#c`)
  fc.assert(
    fc.property(path, (value) => {
      fc.pre(isSafePath(value))
      const url = new URL(
        `${site}/identity-based-login?jwtToken=t&redirectionUrl=${encodeRedirectionPath(value)}&current_role=student`,
      )
      expect([...url.searchParams]).toEqual([
        ['jwtToken', 't'],
        ['redirectionUrl', value],
        ['current_role', 'student'],
      ])
      expect(url.hash).toBe('')
    }),
  )
})

it('accepts no path that resolves to another origin, also when it is decoded first', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '%2f',
    '%5c',
    '%2e',
    '%25',
    '@',
    ':',
    ';',
    '?',
    '#',
    '\t',
    '\uff0f',
    '\u2025',
    'evil.example',
    'a',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const path = `/${pieces.join('')}`
      fc.pre(isSafePath(path))
      for (const seen of [path, decodeURIComponent(path), path.normalize('NFKC'), new URL(path, site).pathname]) {
        expect(new URL(seen, site).origin).toBe(site)
      }
    }),
    { numRuns: 1000 },
  )
})

it('takes the short way only where the long one says the same', () => {
  const piece = fc.constantFrom(
    '/',
    'a',
    'Z9',
    '_',
    '-',
    '.',
    '..',
    '%2f',
    '\\',
    '?',
    '#',
    ';',
    'é',
    '\uff0f',
    '\n',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const path = `/${pieces.join('')}`
      const encoded = isSafePath(path) ? encodeURIComponent(path).replaceAll('%2F', '/') : 'wise/path_unsafe'
      expect(encodedOrCode(path)).toBe(encoded)
    }),
    { numRuns: 3000 },
  )
  expect(encodedOrCode(`/${'a'.repeat(2048)}`)).toBe('wise/path_unsafe')
})

function encodedOrCode(path: string): string {
  try {
    return encodeRedirectionPath(path)
  } catch (error) {
    return (error as { readonly code: string }).code
  }
}
