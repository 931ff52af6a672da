import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf, createApp, usersOf } from './app.ts'
import type { Browser } from './browser.ts'

const first = '__Host-latchkey'
const second = '__Host-latchkey.1'
const named = (length: number) => ({ profile: { name: 'n'.repeat(length) } })

async function signedIn(browser: Browser): Promise<boolean> {
  return (await usersOf(browser)).acme !== undefined
}

describe('a session of an access token of 1,200 bytes, a refresh token of 60 and claims of 557', () => {
  it('takes 2,650 bytes at most, since its tokens are kept as bytes', async () => {
    const segment = (bytes: number): string => Buffer.alloc(bytes, 'token').toString('base64url')
    const tokens = {
      accessToken: `${segment(45)}.${segment(597)}.${segment(256)}`,
      refreshToken: segment(45),
      expiresAt: 1_800_003_600,
      refreshAt: 1_800_003_540,
    }
    const claims = { name: 'Ada', email: 'ada@app.example', picture: '' }
    const picture = 'p'.repeat(557 - JSON.stringify(claims).length)
    const { auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn({ tenant: { id: 'tenant-1' }, profile: { ...claims, picture }, tokens })
    expect([tokens.accessToken.length, tokens.refreshToken.length]).toEqual([1200, 60])
    expect(browser.value(first).length).toBeLessThanOrEqual(2650)
    const { accessToken } = await auth.getAccessToken(browser.request(), 'acme')
    expect(accessToken).toBe(tokens.accessToken)
  })
})

describe('a session that does not fit into one cookie', () => {
  it('takes two and is read whole', async () => {
    const { auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn(named(3000))
    expect(browser.names()).toEqual([first, second])
    const { session } = await auth.requireSession(browser.request())
    expect(session.identities.acme?.profile.name).toHaveLength(3000)
  })

  it('is none when a chunk is missing, foreign, older, or in the place of another', async () => {
    const { browser: open } = createApp()
    const [browser, stranger] = [open(), open()]
    await browser.signIn(named(3000))
    await stranger.signIn(named(3000))
    const older = browser.value(second)
    await browser.signIn(named(3000))
    const [one, two] = [browser.value(first), browser.value(second)]

    for (const [head, tail] of [
      [one, null],
      [null, two],
      [one, stranger.value(second)],
      [stranger.value(first), two],
      [one, older],
      [two, one],
      [one, one],
      [one, ''],
      [one, `${two}A`],
      [one, two.slice(1)],
    ] as const) {
      const mixed = open()
      if (head !== null) mixed.plant(first, head)
      if (tail !== null) mixed.plant(second, tail)
      expect(await signedIn(mixed)).toBe(false)
    }
    const whole = open()
    whole.plant(second, two)
    whole.plant(first, one)
    expect(await signedIn(whole)).toBe(true)
  })

  it('leaves no chunk behind when it shrinks, and one that stayed does no harm', async () => {
    const { browser: open } = createApp()
    const browser = open()
    await browser.signIn(named(3000))
    const stale = browser.value(second)
    await browser.signIn(named(10))
    expect(browser.names()).toEqual([first])
    for (const name of [second, '__Host-latchkey.2', '__Host-latchkey.9', '__Host-latchkey.999', '__Host-latchkey.']) {
      browser.plant(name, stale)
    }
    expect(await signedIn(browser)).toBe(true)
    await browser.signIn(named(10))
    expect(browser.names()).toEqual([first, '__Host-latchkey.999', '__Host-latchkey.'])
  })

  it('names its largest fields, and nothing of them, when it is over budget, and sets no cookie', async () => {
    const { events, browser: open } = createApp()
    const browser = open()
    const tokens = { accessToken: 'canary~token'.repeat(300), refreshToken: 'canary~refresh'.repeat(200) }
    const response = await browser.signIn({ ...named(2000), tokens })
    expect([response.status, await codeOf(response)]).toEqual([500, 'core/session_too_large'])
    expect(browser.names()).toEqual([])
    const largest =
      'tokens.acme.accessToken: 3602 B, tokens.acme.refreshToken: 2802 B, identities.acme.profile.name: 2002 B'
    const hint = expect.stringMatching(`has \\d{5} bytes and may have 6400. Largest fields: ${largest}\\.$`) as string
    expect(events).toMatchObject([{ type: 'sign_in.refused', code: 'core/session_too_large', hint }])
    expect(JSON.stringify(events)).not.toContain('canary')
  })

  it('leaves the session that was there before when the next is over budget', async () => {
    const browser = createApp().browser()
    await browser.signIn()
    const before = browser.header()
    await browser.signIn(named(9000))
    expect(browser.header()).toBe(before)
    expect(await signedIn(browser)).toBe(true)
  })

  it.each([
    [6400, 2, undefined],
    [7500, 2, 7500],
    [11_250, 3, 11_250],
    [1000, 1, 1000],
  ])(
    'fits into %i bytes and takes %i cookies at most, at every length, by %j',
    async (budget, most, maxCookieBytes) => {
      const { browser: open } = createApp({ session: { strategy: 'cookie', maxCookieBytes } })
      let largest = 0
      for (const length of aroundEachEdge(budget)) {
        const browser = open()
        const response = await browser.signIn(named(length))
        const bytes = browser.names().reduce((sum, name) => sum + browser.value(name).length, 0)
        if (response.status !== 303) {
          expect(browser.names()).toEqual([])
          continue
        }
        largest = Math.max(largest, bytes)
        expect(browser.names().length).toBeLessThanOrEqual(most)
        expect(await signedIn(browser)).toBe(true)
      }
      expect(largest).toBeLessThanOrEqual(budget)
      expect(largest).toBeGreaterThan(budget - 3)
    },
  )
})

describe('a session over 3,600 bytes', () => {
  const user = { provider: 'acme', issuer: 'https://acme.example', subject: 'ada' }
  const bytesOf = (browser: Browser): number =>
    browser.names().reduce((sum, name) => sum + browser.value(name).length, 0)
  const large = ({ events }: ReturnType<typeof createApp>): readonly unknown[] =>
    events.filter(({ type }) => type === 'session.large')

  it('is an event at each write, with its size and whose it is, and nothing of it', async () => {
    const app = createApp()
    const browser = app.browser()
    await browser.signIn({ profile: { name: 'canary'.repeat(400) } })
    const event = { type: 'session.large', maxBytes: 6400, user }
    expect(large(app)).toEqual([{ ...event, at: app.clock.now, bytes: bytesOf(browser) }])
    await app.auth.getSession(browser.request())
    expect(large(app)).toHaveLength(1)
    app.clock.now += 1801
    browser.keep((await app.auth.getSession(browser.request())).headers)
    browser.keep((await app.auth.updateSession(browser.request(), { text: 'more' })).headers)
    expect(large(app)).toHaveLength(3)
    expect(large(app)[2]).toEqual({ ...event, at: app.clock.now, bytes: bytesOf(browser) })
    expect(JSON.stringify(app.events)).not.toContain('canary')
  })

  it('is one byte more than is none, however the session is sealed', async () => {
    const seen = new Map<number, number>()
    for (let length = 2340; length < 2410; length++) {
      const app = createApp()
      const browser = app.browser()
      await browser.signIn(named(length))
      seen.set(bytesOf(browser), large(app).length)
    }
    const sizes = [...seen.keys()]
    expect([Math.min(...sizes) <= 3600, Math.max(...sizes) > 3600]).toEqual([true, true])
    for (const [bytes, events] of seen) expect(events).toBe(bytes > 3600 ? 1 : 0)
  })

  it('is none of a store’s, nor one that was refused for being too large', async () => {
    const inStore = createApp({ session: { strategy: 'store' } })
    await inStore.browser().signIn(named(4000))
    const refused = createApp()
    expect((await refused.browser().signIn(named(9000))).status).toBe(500)
    expect([...large(inStore), ...large(refused)]).toEqual([])
  })
})

/** Lengths of a name by which the sealed text comes near each multiple of a chunk, and near the budget. */
function aroundEachEdge(budget: number): readonly number[] {
  const sealedBytesOfRest = 430
  return [3800, 7600, budget].flatMap((edge) => {
    const length = Math.floor(((edge - sealedBytesOfRest) * 3) / 4)
    return Array.from({ length: 120 }, (_, index) => Math.max(0, length - 60 + index))
  })
}

describe('a cookie that looks like ours', () => {
  const lookAlikes: readonly ((value: string) => string)[] = [
    (value) => `__host-latchkey=${value}`,
    (value) => `__HOST-latchkey=${value}`,
    (value) => `__Host-Latchkey=${value}`,
    (value) => `latchkey=${value}`,
    (value) => `__Host-latchkey =${value}`,
    (value) => `__Host-latchkey= ${value}`,
    (value) => `\u00a0__Host-latchkey=${value}`,
    (value) => `\u000b__Host-latchkey=${value}`,
    (value) => `__Host-latchkey\u0085=${value}`,
    (value) => `"__Host-latchkey"=${value}`,
    (value) => `__Host-latchkey="${value}"`,
    (value) => `%5F_Host-latchkey=${value}`,
    (value) => `=__Host-latchkey=${value}`,
    (value) => `__Host-latchkey=${value}, __Host-latchkey=${value}`,
    (value) => `__Host-latchkey,__Host-latchkey=${value}`,
    (value) => `__Host-latchkey=${value}; __Host-latchkey=${value}`,
    (value) => `__Host-latchkey=x; __Host-latchkey=${value}`,
    (value) => `__Host-latchkey=${value}; __Host-latchkey=`,
    (value) => `__Host-latchkey=${value.slice(0, -1)}`,
    (value) => `__Host-latchkey.0=${value}`,
  ]

  it.each(lookAlikes)('is not ours (%#)', async (header) => {
    const { auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn()
    const incoming = (cookie: string) => ({
      method: 'GET',
      url: '/',
      headers: { get: (name: string) => (name === 'cookie' ? cookie : null) },
    })
    expect((await auth.getSession(incoming(`__Host-latchkey=${browser.value()}`))).session).not.toBeNull()
    expect((await auth.getSession(incoming(header(browser.value())))).session).toBeNull()
  })

  it.each([
    (ours: string) => `${ours}; __host-latchkey=x`,
    (ours: string) => `a=%; b=%E0%A4%A; ${ours}; "c"=";`,
    (ours: string) => `; ;=;==; ${ours};`,
    (ours: string) => `\t ${ours} \t; x=y`,
    (ours: string) => `__Host-latchkey; ${ours}`,
  ])('does not get in the way of ours (%#)', async (header) => {
    const { auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn()
    const cookie = header(`__Host-latchkey=${browser.value()}`)
    const incoming = {
      method: 'GET',
      url: '/',
      headers: { get: (name: string) => (name === 'cookie' ? cookie : null) },
    }
    expect((await auth.getSession(incoming)).session).not.toBeNull()
  })
})

describe('a sealed session', () => {
  it('is none for any text, and no text is an error', async () => {
    const { auth } = createApp()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), fc.boolean(), async (text, alone) => {
        const cookie = alone ? text : `__Host-latchkey=${text}`
        const incoming = { method: 'GET', url: '/', headers: { get: () => cookie } }
        expect((await auth.getSession(incoming)).session).toBeNull()
      }),
      { numRuns: 1000 },
    )
  })
})
