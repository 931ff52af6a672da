import { describe, expect, it } from 'vitest'
import { AuthError } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { codeOf, createApp, usersOf } from './app.ts'

describe('the logins of one browser', () => {
  it.each([0, 5])('are five per provider at most, and the oldest goes, with %i s between them', async (pause) => {
    const { clock, browser: open } = createApp()
    const browser = open()
    const states: string[] = []
    for (let count = 0; count < 7; count++) {
      states.push(await browser.begin())
      clock.now += pause
    }
    expect(browser.names()).toHaveLength(5)
    const outcomes: boolean[] = []
    for (const state of states) {
      const response = await browser.copy().finish(state)
      outcomes.push(response.headers.get('location') === '/')
    }
    expect(outcomes).toEqual([false, false, true, true, true, true, true])
  })

  it('of five tabs that wake at once all end at their own pages', async () => {
    const browser = createApp().browser()
    const states = await Promise.all([1, 2, 3, 4, 5].map((tab) => browser.begin('acme', `?return_url=/tab/${tab}`)))
    const ends: (string | null)[] = []
    for (const state of states) ends.push((await browser.finish(state)).headers.get('location'))
    expect(ends).toEqual(['/tab/1', '/tab/2', '/tab/3', '/tab/4', '/tab/5'])
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it('that a page of ours began are not pushed out by fifty that other sites begin', async () => {
    const browser = createApp().browser()
    const state = await browser.begin('acme', '?return_url=/mine')
    for (let count = 0; count < 50; count++) {
      const provider = count % 2 === 0 ? 'acme' : 'beta'
      const query = `?return_url=/${'a'.repeat(count * 40)}`
      await browser.begin(provider, query, { 'sec-fetch-site': 'cross-site' })
      expect(browser.header().length).toBeLessThan(6000)
    }
    expect((await browser.finish(state)).headers.get('location')).toBe('/mine')
  })

  it('are bounded work, whatever cookies a request brings', async () => {
    const browser = createApp().browser()
    for (let count = 0; count < 400; count++)
      browser.plant(`__Host-latchkey.acme.${String(count).padStart(11, 'A')}`, 'junk')
    const response = await browser.open('/auth/acme/login', { 'sec-fetch-site': 'same-origin' })
    expect(response.headers.getSetCookie().length).toBeLessThan(20)
  })

  it('do not push out those of a provider whose name begins alike', async () => {
    const browser = createApp().browser()
    const longer = await browser.begin('acmetwo')
    for (let count = 0; count < 3; count++) await browser.begin('acme')
    expect(browser.names().filter((name) => name.startsWith('__Host-latchkey.acmetwo.'))).toHaveLength(1)
    expect(browser.names()).toHaveLength(4)
    await browser.open('/auth/acme/cancel')
    expect(browser.names()).toHaveLength(1)
    await browser.finish(longer, {}, 'acmetwo')
    expect(await usersOf(browser)).toEqual({ acmetwo: 'ada' })
  })

  it('make room by what cannot be opened any more first', async () => {
    const browser = createApp().browser()
    const state = await browser.begin()
    browser.plant('__Host-latchkey.acme.AAAAAAAAAAA', 'junk')
    browser.plant('__Host-latchkey.acme.BBBBBBBBBBB', '')
    await browser.begin()
    expect(browser.names()).toHaveLength(2)
    await browser.finish(state)
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it('stay small: no login adds more than a kilobyte to the requests', async () => {
    const browser = createApp().browser()
    for (let count = 0; count < 10; count++) await browser.begin()
    expect(browser.header().length).toBeLessThan(3 * 1024)
  })

  it('in two tabs both end well', async () => {
    const browser = createApp().browser()
    const [one, two] = [await browser.begin(), await browser.begin()]
    expect((await browser.finish(two)).headers.get('location')).toBe('/')
    expect((await browser.finish(one)).headers.get('location')).toBe('/')
    expect(browser.names()).toEqual(['__Host-latchkey'])
  })
})

describe('the cookie of a login is gone after it', () => {
  const leaves = async (
    path: (state: string) => string,
    expected: readonly [number, string | null],
    options: Parameters<typeof createApp>[0] = {},
  ): Promise<void> => {
    const browser = createApp(options).browser()
    const state = await browser.begin()
    expect(browser.names()).toHaveLength(1)
    const response = await browser.open(path(state))
    expect(browser.names().filter((name) => name !== '__Host-latchkey')).toEqual([])
    const ending = response.headers.get('location') ?? (await codeOf(response))
    expect([response.status, ending]).toEqual(expected)
  }
  const callback = (rest: string) => (state: string) => `/auth/acme/callback?state=${state}${rest}`

  it('signed someone in', () => leaves(callback(''), [303, '/']))
  it('begins again', () => leaves(callback('&again'), [303, '/auth/acme/login?hint=a%26b&return_url=%2F&restart=1']))
  it('was refused by the vendor', () => leaves(callback('&error=access_denied'), [403, 'acme/denied']))
  it('brought something unreadable', () => leaves(callback('&assertion={'), [500, 'core/internal_error']))
  it('was refused by the app', () =>
    leaves(callback(''), [403, 'auth/sign_in_refused'], { onSignIn: () => ({ action: 'deny' }) }))
  it('met a failing app', () =>
    leaves(callback(''), [500, 'core/internal_error'], { onSignIn: () => Promise.reject(new Error('down')) }))
  it('was too large', () => {
    const assertion = JSON.stringify({ profile: { name: 'n'.repeat(9000) } })
    return leaves(callback(`&assertion=${assertion}`), [500, 'core/session_too_large'])
  })
  it('was cancelled', async () => {
    const browser = createApp().browser()
    await browser.begin()
    await browser.open('/auth/acme/cancel')
    expect(browser.names()).toEqual([])
  })
  it('was overtaken by a sign-out', async () => {
    const browser = createApp().browser()
    await browser.signIn()
    const state = await browser.begin('beta')
    await browser.submit('/auth/logout')
    expect(browser.names()).toEqual([])
    expect((await browser.finish(state, {}, 'beta')).headers.get('location')).toContain('restart=1')
  })
})

describe('a provider that fails', () => {
  it.each([
    ['an error of its own', new AuthError('acme/broken', { status: 502, hint: 'h' }), [502, 'acme/broken']],
    [
      'an error that answers as a success',
      new AuthError('acme/ok', { status: 200, hint: 'h' }),
      [500, 'core/internal_error'],
    ],
    [
      'an error without a status',
      new AuthError('acme/odd', { status: Number.NaN, hint: 'h' }),
      [500, 'core/internal_error'],
    ],
    ['a foreign error', new TypeError('canary-token'), [500, 'core/internal_error']],
    ['a response', new Response('hello'), [500, 'core/internal_error']],
    ['a string', 'canary-token', [500, 'core/internal_error']],
    ['nothing', undefined, [500, 'core/internal_error']],
  ])('with %s is an answer without secrets and without a session', async (_what, failure, expected) => {
    const { events, browser: open } = createApp({ providers: [acme('acme', { failure })] })
    const browser = open()
    const response = await browser.open(`/auth/acme/callback?state=${await browser.begin()}&throw`)
    const text = await response.text()
    expect([response.status, (JSON.parse(text) as { code: string }).code]).toEqual(expected)
    expect(text + JSON.stringify(events)).not.toContain('canary-token')
    expect(browser.names()).toEqual([])
  })
})
