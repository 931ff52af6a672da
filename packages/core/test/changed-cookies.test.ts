import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Auth, createMemoryStore, type SessionOptions } from '../src/index.ts'
import { systemClock } from '../src/model/time.ts'
import { openVault } from '../src/vault/vault.ts'
import { createApp, exampleSecret, usersOf } from './app.ts'
import type { Browser } from './browser.ts'

const names = ['__Host-latchkey', '__Host-latchkey.1', '__Host-latchkey.2'] as const

/** What the session of a Cookie header holds; null for no session. */
async function dataOf(auth: Auth, cookie: string): Promise<object | null> {
  const incoming = { method: 'GET', url: '/', headers: { get: (name: string) => (name === 'cookie' ? cookie : null) } }
  return (await auth.getSession(incoming, { readOnly: true })).session?.data ?? null
}

/** Every text that differs from this one in one bit. */
function* eachBitChanged(text: string): Generator<string> {
  for (let index = 0; index < text.length; index++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = String.fromCharCode(text.charCodeAt(index) ^ (1 << bit))
      yield text.slice(0, index) + changed + text.slice(index + 1)
    }
  }
}

describe('every change of one bit', () => {
  it.each([
    ['in one cookie', 10, 1],
    ['spread over two', 3000, 2],
  ])('of a session %s leaves no session', async (_where, length, count) => {
    const { auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn({ profile: { name: 'n'.repeat(length) } })
    const header = browser.header()
    expect(browser.names()).toHaveLength(count)
    expect(await dataOf(auth, header)).toEqual({})
    let refused = 0
    for (const changed of eachBitChanged(header)) if ((await dataOf(auth, changed)) === null) refused++
    expect(refused).toBe(header.length * 8)
  })

  it('of a login leaves no login', async () => {
    const { auth, browser: open } = createApp()
    const browser = open()
    const state = await browser.begin()
    const header = browser.header()
    const url = `https://app.example/auth/acme/callback?state=${state}`
    const finish = (cookie: string): Promise<Response> =>
      auth.handle({
        method: 'GET',
        url,
        headers: { get: (name: string) => (name === 'cookie' ? cookie : null) },
      } as never)
    let refused = 0
    for (const changed of eachBitChanged(header)) {
      if ((await finish(changed)).headers.get('location')?.includes('restart=1') === true) refused++
    }
    expect(refused).toBe(header.length * 8)
    expect((await finish(header)).headers.get('location')).toBe('/')
  })

  it('of a session in a store leaves no session', async () => {
    const { auth, browser: open } = createApp({ session: { strategy: 'store' } })
    const browser = open()
    await browser.signIn()
    expect(await dataOf(auth, browser.header())).toEqual({})
    for (const changed of eachBitChanged(browser.header())) expect(await dataOf(auth, changed)).toBeNull()
  })
})

describe('the chunks of a session', () => {
  it('in any subset, order and mix of versions are one whole version, or nothing', async () => {
    const app = createApp({ session: { strategy: 'cookie', maxCookieBytes: 11_250 } })
    const versions = await versionsOf(app.auth, app.browser())
    expect(versions.map(({ chunks }) => chunks.length)).toEqual([1, 2, 3, 3, 2, 1])
    const every = versions.flatMap(({ chunks }) => chunks)
    const slot = fc.option(fc.constantFrom(...every))
    const whole = fc.constantFrom(...versions).map(({ chunks }) => [0, 1, 2].map((index) => chunks[index] ?? null))
    const stale = fc
      .tuple(whole, slot, slot)
      .map(([[first, ...rest], ...left]) => [
        first ?? null,
        ...rest.map((chunk, index) => chunk ?? left[index] ?? null),
      ])
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.tuple(slot, slot, slot), whole, stale), async (sent) => {
        const cookies = sent.flatMap((chunk, index) => (chunk === null ? [] : [`${names[index]}=${chunk}`]))
        const expected = versions.find(({ chunks }) => chunks.every((chunk, index) => sent[index] === chunk))
        expect(await dataOf(app.auth, cookies.join('; '))).toEqual(expected?.data ?? null)
      }),
      { numRuns: 3000 },
    )
  })
})

/** One session at six times, as large as one, two and three cookies. */
async function versionsOf(
  auth: Auth,
  browser: Browser,
): Promise<readonly { chunks: readonly string[]; data: object }[]> {
  await browser.signIn()
  const versions = []
  for (const [index, length] of [10, 3500, 7000, 7001, 3500, 10].entries()) {
    const data = { text: String(index).repeat(length) }
    browser.keep((await auth.updateSession(browser.request(), data)).headers)
    versions.push({ data, chunks: browser.names().map((name) => browser.value(name)) })
  }
  return versions
}

describe('a sealed text', () => {
  it('opens as what was sealed, for its purpose and name alone, whatever the text', async () => {
    const withSecret = (secret: string) => openVault({ secrets: [secret], store: undefined, clock: systemClock })
    const [vault, stranger] = [withSecret(exampleSecret()), withSecret(exampleSecret())]
    const label = fc
      .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 })
      .filter((text) => !text.includes('/'))
    const scopes = fc.record({ purpose: label, name: label })
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), scopes, scopes, async (text, scope, other) => {
        const sealed = await vault.seal(scope, text)
        expect(await vault.open(scope, sealed)).toBe(text)
        expect(await stranger.open(scope, sealed)).toBeNull()
        const isSame = scope.purpose === other.purpose && scope.name === other.name
        expect((await vault.open(other, sealed)) !== null).toBe(isSame)
        expect(await vault.seal(scope, text)).not.toBe(sealed)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('cookies of one secret, swapped', () => {
  const shared = { secret: exampleSecret(), store: createMemoryStore() }
  const kinds: readonly SessionOptions[] = [
    { strategy: 'cookie' },
    { strategy: 'cookie', cookieName: '__Host-other' },
    { strategy: 'store', cookieName: '__Host-third' },
  ]
  const apps = ['https://app.example', 'https://acme.app.example', 'https://app.example.com'].flatMap((baseUrl) =>
    kinds.map((session) => ({ baseUrl, session, ...createApp({ ...shared, baseUrl, session }) })),
  )

  it('between names, hosts and kinds, under any name, are no session and no login', async () => {
    const signedIn = await Promise.all(
      apps.map(async (app) => {
        const browser = app.browser()
        await browser.signIn()
        const state = await browser.begin('beta')
        return { app, state, cookies: browser.names().map((name) => [name, browser.value(name)] as const) }
      }),
    )
    let swaps = 0
    for (const from of signedIn) {
      const every = [...new Set(signedIn.flatMap(({ cookies }) => cookies.map(([name]) => name)))]
      for (const { app } of signedIn.filter(({ app }) => app !== from.app)) {
        for (const [, value] of from.cookies) {
          const thief = app.browser()
          for (const name of every) thief.plant(name, value)
          expect(await usersOf(thief)).toEqual({})
          const response = await thief.finish(from.state, {}, 'beta')
          expect(response.headers.get('location') ?? response.status).not.toBe('/')
          expect(await usersOf(thief)).toEqual({})
          swaps++
        }
      }
    }
    expect(swaps).toBe(9 * 8 * 2)
  })
})
