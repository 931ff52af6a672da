import { describe, expect, it } from 'vitest'
import type { HeaderEntries, RequestLike } from './request-like.ts'
import { createRequestScope } from './request-scope.ts'

const requestWith = (cookie: string | null = null): RequestLike => ({
  method: 'GET',
  url: '/',
  headers: { get: (name) => (name === 'cookie' ? cookie : null) },
})

const cookie = (line: string): HeaderEntries => [
  ['cache-control', 'private, no-store'],
  ['vary', 'Cookie'],
  ['set-cookie', `${line}; Path=/`],
]

describe('the scope of a request', () => {
  it('gives the response each header and each cookie once: the newest', async () => {
    const scope = createRequestScope(requestWith())
    expect(scope.headers()).toEqual([])
    await scope.call(async () => ({ headers: [...cookie('a=1'), ['set-cookie', 'b=1; Max-Age=0'] as const] }))
    await scope.call(async () => ({ headers: cookie('a=2') }))
    await scope.call(async () => ({ headers: cookie('ab=1').slice(0, 2) }))
    expect(scope.headers()).toEqual([
      ['set-cookie', 'b=1; Max-Age=0'],
      ['set-cookie', 'a=2; Path=/'],
      ['cache-control', 'private, no-store'],
      ['vary', 'Cookie'],
    ])
  })

  it.each([
    ['a=0; b=0', 'a=1', ' b=0;a=1'],
    ['b="x; y"; a=0; a=00', 'a=1; Max-Age=60', 'b="x; y";a=1'],
    ['a=0; ab=0', 'a=; Max-Age=0', ' ab=0'],
    ['\u00a0b=0; a=0', 'a=1', '\u00a0b=0;a=1'],
    ['a=0', 'a=; Max-Age=0', null],
    [null, 'a=1; HttpOnly', 'a=1'],
  ])('shows later calls the cookies %j as changed by %j', async (sent, line, expected) => {
    const request = requestWith(sent)
    const scope = createRequestScope(request)
    await scope.call(async (first) => {
      expect(first).toBe(request)
      return { headers: cookie(line) }
    })
    await scope.call(async (later) => {
      expect(later.headers.get('Cookie')).toBe(expected)
      expect([later.method, later.url, later.headers.get('host')]).toEqual(['GET', '/', null])
      return { headers: [] }
    })
  })

  it('makes one call after the other, also after one that fails', async () => {
    const scope = createRequestScope(requestWith())
    const order: string[] = []
    const calls = ['first', 'second', 'third'].map((name) =>
      scope.call(async () => {
        order.push(`${name} begins`)
        await new Promise((resolve) => void setTimeout(resolve))
        order.push(`${name} ends`)
        if (name === 'second') throw new Error(name)
        return { name, headers: [] }
      }),
    )
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(order).toEqual(['first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]))
  })

  it('forbids caches to keep an answer after a call that failed', async () => {
    const scope = createRequestScope(requestWith())
    await expect(scope.call(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(scope.headers()).toEqual(cookie('').slice(0, 2))
  })

  it('makes the headers when they are read: what has ended by then is left out', async () => {
    const scope = createRequestScope(requestWith('a=0'))
    let hasEnded = false
    const result = {
      get headers(): HeaderEntries {
        return hasEnded ? [] : cookie('a=1')
      },
    }
    await scope.call(async () => result)
    expect(scope.headers()).toEqual(cookie('a=1'))
    hasEnded = true
    expect(scope.headers()).toEqual([])
    await scope.call(async (later) => {
      expect(later.headers.get('cookie')).toBe('a=0')
      return { headers: [] }
    })
  })
})
