import { describe, expect, it } from 'vitest'
import type { Attempt, RateLimit } from '../src/index.ts'
import { codeOf, createApp, refusalOf, usersOf } from './app.ts'
import { accessTokenOf, createBearerVendor, withBearer } from './bearer-vendor.ts'

describe('rateLimit', () => {
  it('is asked about each kind of attempt, after the checks that cost nothing', async () => {
    const attempts: Attempt[] = []
    const vendor = createBearerVendor('acme')
    const app = createApp({
      providers: [vendor.provider],
      rateLimit(attempt) {
        attempts.push(attempt)
        return true
      },
    })
    const browser = app.browser()
    await browser.fetch('/auth/acme/login')
    await browser.finish('a-forged-state')
    await browser.signIn()
    await browser.submit('/auth/acme/launch')
    await app.auth.requireBearer(withBearer(accessTokenOf('acme')))
    await browser.submit('/auth/logout', {}, { 'sec-fetch-site': 'cross-site' })
    await browser.submit('/auth/logout')
    expect(attempts.map(({ kind, provider }) => `${kind} ${provider}`)).toEqual([
      'login acme',
      'callback acme',
      'launch acme',
      'bearer acme',
      'logout core',
    ])
  })

  it.each<[unknown, string]>([
    [false, '1'],
    [{ retryAfterSeconds: 7.2 }, '8'],
    [{ retryAfterSeconds: 'soon' }, '1'],
    ['true', '1'],
    [undefined, '1'],
  ])('answers 429 where it says %j, and when to come again', async (answer, retryAfter) => {
    const app = createApp({ rateLimit: (() => answer) as unknown as RateLimit })
    const response = await app.browser().open('/auth/acme/login')
    expect([response.status, response.headers.get('retry-after'), response.headers.getSetCookie()]).toEqual([
      429,
      retryAfter,
      [],
    ])
    expect(await codeOf(response)).toBe('core/rate_limited')
  })

  it.each<[string, RateLimit]>([
    [
      'throws',
      () => {
        throw new Error('canary')
      },
    ],
    ['rejects', () => Promise.reject(new Error('canary'))],
    ['hangs', () => new Promise(() => {})],
  ])('answers 503 where it %s', async (_how, rateLimit) => {
    const app = createApp({ rateLimit })
    const response = await app.browser().open('/auth/acme/login')
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await codeOf(response)).toBe('core/rate_limit_unavailable')
    expect(app.events).toMatchObject([{ type: 'sign_in.refused', code: 'core/rate_limit_unavailable' }])
    expect(JSON.stringify(app.events)).not.toContain('canary')
  })

  it('leaves a callback that it refused to be made again', async () => {
    let isOpen = true
    const app = createApp({ rateLimit: ({ kind }) => kind !== 'callback' || isOpen })
    const browser = app.browser()
    const state = await browser.begin()
    isOpen = false
    expect((await browser.finish(state)).status).toBe(429)
    isOpen = true
    expect((await browser.finish(state)).status).toBe(303)
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it('guards bearer tokens before their signature is looked at', async () => {
    const vendor = createBearerVendor('acme')
    const app = createApp({ providers: [vendor.provider], rateLimit: () => false })
    expect(await refusalOf(app.auth.requireBearer(withBearer(accessTokenOf('acme'))))).toBe('core/rate_limited')
    expect(vendor.verified).toEqual([])
  })
})
