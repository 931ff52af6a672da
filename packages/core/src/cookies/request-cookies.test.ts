import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestCookies } from './request-cookies.ts'

describe('the cookies of a request', () => {
  it.each([
    ['a=1; b=2', 'b', '2'],
    ['a=1;b=2', 'b', '2'],
    ['\ta=1 \t;', 'a', '1'],
    ['a=', 'a', ''],
    ['a=1=2==', 'a', '1=2=='],
    ['a="1"', 'a', '"1"'],
    ['a=%41', 'a', '%41'],
    ['a= 1', 'a', ' 1'],
    ['__proto__=1', '__proto__', '1'],
    ['a=1; A=2', 'a', '1'],
    ['a=1; a=1', 'a', null],
    ['a=1; a=2; a=3', 'a', null],
    ['a', 'a', null],
    ['=a', '', null],
    ['=a=1', 'a', null],
    ['a =1', 'a', null],
    ['', 'a', null],
    [null, 'a', null],
    ['b=1', 'toString', null],
    ['a\u00a0=1; \u00a0a=1; \u2003a=1; \ufeffa=1; \na=1', 'a', null],
  ])('in %j: %s is %j', (header, name, value) => {
    expect(requestCookies(header).only(name)).toBe(value)
  })

  it('are listed by how their names begin, each once', () => {
    const cookies = requestCookies('x-1=a; y=b; x-2=c; x-1=d; x=e')
    expect(cookies.namesWith('x-')).toEqual(['x-1', 'x-2'])
    expect(cookies.namesWith('z')).toEqual([])
  })

  it('are read from any text without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (header) => {
        const cookies = requestCookies(header)
        for (const name of cookies.namesWith('')) {
          const value = cookies.only(name)
          if (value !== null) expect(header).toContain(`${name}=${value}`)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('are the same however they are asked for', () => {
    const piece = fc.constantFrom('a', 'aa', 'b', '=', ';', ' ', '\t', '"', 'a=', 'a=1', '; a=2', '\u00a0')
    fc.assert(
      fc.property(
        fc.string({ unit: piece, maxLength: 12 }),
        fc.string({ unit: piece, maxLength: 2 }),
        (header, name) => {
          const values = requestCookies(header).all(name)
          expect(requestCookies(header).only(name)).toBe(values.length === 1 ? values[0] : null)
          const listed = requestCookies(header)
          listed.namesWith('')
          expect(listed.only(name)).toBe(requestCookies(header).only(name))
        },
      ),
      { numRuns: 5000 },
    )
  })

  it('are those that a browser was given, in any order', () => {
    const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,20}$/)
    const value = fc.stringMatching(/^[\x21-\x3a\x3c-\x7e]{0,40}$/)
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key }), (pairs) => {
        const cookies = requestCookies(pairs.map((pair) => pair.join('=')).join('; '))
        for (const [key, text] of pairs) expect(cookies.only(key)).toBe(text)
      }),
      { numRuns: 1000 },
    )
  })

  it('take time in proportion to the header, however it is made', () => {
    for (const piece of [' ', ';', '=', 'a=1;', '\t', '"']) {
      expect(requestCookies(piece.repeat(1_000_000)).only('zz')).toBeNull()
    }
  })
})
