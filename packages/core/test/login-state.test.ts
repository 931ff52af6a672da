import { describe, expect, it } from 'vitest'
import { acme } from './acme-provider.ts'
import { codeOf, createApp, exampleSecret, summaryOf, usersOf } from './app.ts'
import type { Browser } from './browser.ts'

async function expectRefusal(browser: Browser, response: Response, refusal: readonly [number, string]): Promise<void> {
  expect([response.status, await codeOf(response)]).toEqual(refusal)
  expect(browser.names()).not.toContain('__Host-latchkey')
  expect((await summaryOf(browser)).signedIn).toBe(false)
}

describe('a state', () => {
  it.each(['/auth/acme/callback', '/auth/acme/callback?state=', '/auth/acme/callback?assertion=%7B%7D'])(
    'that is missing is refused: %s',
    async (path) => {
      const browser = createApp().browser()
      await browser.begin()
      await expectRefusal(browser, await browser.open(path), [400, 'acme/missing_state'])
    },
  )

  it.each([
    'x',
    '....',
    '__proto__',
    'x'.repeat(100_000),
    `${'A'.repeat(32)}.0.app~example.${'A'.repeat(43)}`,
    '\u0000',
    '%',
  ])('that is forged is refused', async (state) => {
    const browser = createApp().browser()
    await browser.begin()
    await expectRefusal(browser, await browser.finish(state), [400, 'acme/invalid_state'])
  })

  it('that was changed in any character is refused', async () => {
    const browser = createApp().browser()
    const state = await browser.begin()
    for (let index = 0; index < state.length; index++) {
      const changed = `${state.slice(0, index)}${state[index] === 'A' ? 'B' : 'A'}${state.slice(index + 1)}`
      await expectRefusal(browser, await browser.finish(changed), [400, 'acme/invalid_state'])
    }
    expect((await browser.finish(state)).status).toBe(303)
  })

  it.each(['beta', 'acmetwo'])('of acme is refused at %s', async (other) => {
    const browser = createApp().browser()
    const state = await browser.begin('acme')
    await browser.begin(other)
    await expectRefusal(browser, await browser.finish(state, {}, other), [400, `${other}/invalid_state`])
  })

  it('of another host is refused, though the secret is the same', async () => {
    const secret = exampleSecret()
    const [here, there] = ['https://app.example', 'https://other.example'].map((baseUrl) =>
      createApp({ baseUrl, secret }).browser(),
    )
    const state = (await there?.begin()) ?? ''
    if (here === undefined) throw new Error('no browser')
    await expectRefusal(here, await here.finish(state), [400, 'acme/invalid_state'])
  })

  it('of an app with another secret is refused', async () => {
    const browser = createApp().browser()
    const state = await createApp().browser().begin()
    await expectRefusal(browser, await browser.finish(state), [400, 'acme/invalid_state'])
  })

  it('made by an older secret is accepted while that is listed', async () => {
    const [older, newer] = [exampleSecret(), exampleSecret()]
    const before = createApp({ secret: older })
    const after = createApp({ secret: [newer, older] })
    const browser = before.browser()
    const state = await browser.begin()
    const moved = after.browser()
    for (const name of browser.names()) moved.plant(name, browser.value(name))
    await moved.finish(state)
    expect(await usersOf(moved)).toEqual({ acme: 'ada' })
  })
})

describe('a callback without its transaction', () => {
  it('in another browser begins again there and signs no one in', async () => {
    const { browser: open } = createApp()
    const [attacker, victim] = [open(), open()]
    const state = await attacker.begin('acme', '?return_url=/inbox')
    const response = await victim.finish(state, { subject: 'mallory' })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/auth/acme/login?return_url=%2F&restart=1')
    expect(victim.names()).toEqual([])
  })

  it('begins again once, then is an error: a browser that keeps no cookies goes round no loop', async () => {
    const { events, browser: open } = createApp()
    const first = await open().finish(await open().begin())
    const login = await open().open(first.headers.get('location') ?? '')
    const state = new URL(login.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const browser = open()
    await expectRefusal(browser, await browser.finish(state), [400, 'acme/missing_login_state'])
    expect(events.map(({ type }) => type)).toEqual(['sign_in.restarted', 'sign_in.refused'])
  })

  it('goes to the error page of the app in the end', async () => {
    const { browser: open } = createApp({ pages: { error: '/oops' } })
    const state = await open().begin('acme', '?restart=1')
    const response = await open().finish(state)
    expect([response.status, response.headers.get('location')]).toEqual([303, '/oops?code=acme%2Fmissing_login_state'])
  })

  it('lets a login that was begun again end well, and count anew after it', async () => {
    const browser = createApp().browser()
    await browser.finish(await browser.begin('acme', '?restart=1'))
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
    const response = await browser.open(`/auth/acme/callback?state=${await browser.begin()}&again`)
    expect(response.headers.get('location')).toMatch(
      /^\/auth\/acme\/login\?hint=a%26b&return_url=%2F&restart=1&state=[^&]+$/,
    )
  })

  it('never begins again where a provider checks no state, for nothing would end it', async () => {
    const browser = createApp({ providers: [acme('acme', { careless: true })] }).browser()
    await expectRefusal(browser, await browser.finish('any'), [400, 'acme/missing_login_state'])
  })
})

describe('a transaction', () => {
  it('is redeemed once: the back button begins again, and a copy is refused', async () => {
    const { clock, browser: open } = createApp()
    const browser = open()
    const state = await browser.begin()
    const copy = browser.copy()
    await browser.finish(state)
    clock.now += 31
    expect((await browser.finish(state)).headers.get('location')).toContain('restart=1')
    await expectRefusal(copy, await copy.finish(state), [400, 'auth/login_replayed'])
    expect(copy.names()).toEqual([])
  })

  it('has one winner among many who send it at once with other cookies', async () => {
    const browser = createApp().browser()
    const state = await browser.begin()
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const copy = browser.copy()
        copy.plant('__Host-latchkey-other', String(index))
        return copy.finish(state)
      }),
    )
    expect(responses.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(responses.filter(({ status }) => status === 400)).toHaveLength(19)
  })

  it('expires after ten minutes, whatever the browser kept', async () => {
    const { clock, browser: open } = createApp()
    const browser = open()
    const state = await browser.begin()
    const kept = browser.copy()
    clock.now += 600
    await expectRefusal(kept, await kept.finish(state), [400, 'auth/login_expired'])
    expect(kept.names()).toEqual([])
    expect((await browser.finish(state)).headers.get('location')).toContain('restart=1')
  })

  it('is good until then', async () => {
    const { clock, browser: open } = createApp()
    const browser = open()
    const state = await browser.begin()
    clock.now += 599
    await browser.finish(state)
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it('of one login opens no other: its cookie under the name of another is none', async () => {
    const browser = createApp().browser()
    const first = await browser.begin()
    const [own = ''] = browser.names()
    await browser.begin()
    const other = browser.names().find((name) => name !== own) ?? ''
    browser.plant(own, browser.value(other))
    expect((await browser.finish(first)).headers.get('location')).toContain('restart=1')
    expect(browser.names()).toEqual([other])
  })
})

describe('the state of a login at another origin of the app', () => {
  it.each([
    ['another host', 'https://other.example'],
    ['another port', 'https://app.example:8443'],
  ])('is refused at this one: %s', async (_what, other) => {
    const { auth } = createApp({ baseUrl: ['https://app.example', other] })
    const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' }
    const at = (origin: string, path: string): Promise<Response> =>
      auth.handle(new Request(origin + path, { headers: { ...navigation, host: new URL(origin).host } }))
    const begun = await at(other, '/auth/acme/login')
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const callback = `/auth/acme/callback?state=${encodeURIComponent(state)}`
    const here = await at('https://app.example', callback)
    expect([here.status, await codeOf(here)]).toEqual([400, 'acme/invalid_state'])
    expect((await at(other, callback)).headers.get('location')).toContain('restart=1')
  })
})
