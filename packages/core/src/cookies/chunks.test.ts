import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSetCookie } from '../../test/browser.ts'
import { chunkBytes, chunkCount, expireChunks, readChunks, writeChunks } from './chunks.ts'
import { requestCookies } from './request-cookies.ts'
import { responseCookies } from './response-cookies.ts'

const name = '__Host-latchkey'

/** The cookies that a browser holds after a value was written over those that it held before. */
function write(value: string, before: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const cookies = { sent: requestCookies(header(before)), response: responseCookies() }
  writeChunks(cookies, name, { value, lifetime: 60 })
  const after = new Map(before)
  for (const cookie of cookies.response.lines().map(parseSetCookie)) {
    if (cookie.maxAge === 0) after.delete(cookie.name)
    else after.set(cookie.name, cookie.value)
  }
  return after
}

const header = (cookies: ReadonlyMap<string, string>): string => [...cookies].map((pair) => pair.join('=')).join('; ')
const read = (cookies: ReadonlyMap<string, string>): string | null => readChunks(requestCookies(header(cookies)), name)
const text = (length: number, letter = 'a'): string => letter.repeat(length)
const length = fc.oneof(
  fc.integer({ min: 0, max: 3 * chunkBytes - 1 }),
  fc.integer({ min: -2, max: 2 }).map((near) => chunkBytes + near),
  fc.integer({ min: -2, max: 2 }).map((near) => 2 * chunkBytes + near),
)

describe('a value in chunks', () => {
  it('is read as it was written, whatever was there before', () => {
    fc.assert(
      fc.property(length, length, (before, now) => {
        const cookies = write(text(now, 'b'), write(text(before)))
        expect(read(cookies)).toBe(text(now, 'b'))
        expect(cookies.size).toBe(chunkCount(now))
      }),
      { numRuns: 500 },
    )
  })

  it('is read or none when chunks are missing, and never half', () => {
    fc.assert(
      fc.property(length, fc.subarray([0, 1, 2]), (size, kept) => {
        const cookies = [...write(text(size))].filter((_, index) => kept.includes(index))
        const isWhole = cookies.length === chunkCount(size)
        expect(read(new Map(cookies))).toBe(isWhole ? text(size) : null)
      }),
      { numRuns: 500 },
    )
  })

  it.each([0, 1, chunkBytes - 1])('is not touched by chunks that an older one left: %i bytes', (size) => {
    const stale = [...write(text(3 * chunkBytes - 1))].slice(1)
    expect(read(new Map([[name, text(size, 'b')], ...stale]))).toBe(text(size, 'b'))
  })

  it('is none over more than three cookies', () => {
    const cookies = write(text(3 * chunkBytes))
    expect(cookies.size).toBe(4)
    expect(read(cookies)).toBeNull()
  })

  it('is none when it never ends', () => {
    const full = Array.from(
      { length: 50 },
      (_, index) => [index === 0 ? name : `${name}.${index}`, text(chunkBytes)] as const,
    )
    expect(read(new Map(full))).toBeNull()
  })

  it('fits into cookies that browsers keep', () => {
    const longest = `__Host-${'n'.repeat(64)}`
    const cookies = { sent: requestCookies(null), response: responseCookies() }
    writeChunks(cookies, longest, { value: text(2 * chunkBytes), lifetime: 34_560_000 })
    expect(cookies.response.lines().map(parseSetCookie)).toHaveLength(3)
  })

  it('is expired cookie by cookie, and no other cookie is', () => {
    const sent = requestCookies(
      `${name}=a; ${name}.1=b; ${name}.01=c; ${name}.10=d; ${name}x=e; ${name}-acme-f=g; ${name}.9=h`,
    )
    const cookies = { sent, response: responseCookies() }
    expireChunks(cookies, name)
    expect(cookies.response.lines().map((line) => parseSetCookie(line).name)).toEqual([name, `${name}.1`, `${name}.9`])
  })
})
