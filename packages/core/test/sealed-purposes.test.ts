import { describe, expect, it } from 'vitest'
import { acme } from './acme-provider.ts'
import { createApp, exampleSecret, summaryOf } from './app.ts'
import type { Browser } from './browser.ts'

const session = '__Host-latchkey'
const chain = '__Host-latchkey.logout'

/** A browser with one sealed cookie of each kind, all of the same app. */
async function withEverything(): Promise<{
  browser: Browser
  state: string
  transaction: string
  values: Record<string, string>
}> {
  const vendor = acme('acme', { signOut: async () => ({ url: new URL('https://acme.example/logout') }) })
  const { browser: open } = createApp({ providers: [vendor, acme('beta')] })
  const signedOut = open()
  await signedOut.signIn({ subject: 'eve' })
  await signedOut.submit('/auth/logout', { return_url: '/bye' })

  const browser = open()
  await browser.signIn()
  const state = await browser.begin('beta')
  const transaction = browser.names().find((name) => name.includes('.beta.')) ?? ''
  const values = {
    session: browser.value(session),
    transaction: browser.value(transaction),
    chain: signedOut.value(chain),
  }
  for (const name of browser.names()) browser.drop(name)
  return { browser, state, transaction, values }
}

describe('what was sealed for one purpose', () => {
  it('serves that purpose', async () => {
    const { browser, state, transaction, values } = await withEverything()
    expect(Object.values(values).every((value) => value.length > 50)).toBe(true)
    browser.plant(session, values.session ?? '')
    expect((await summaryOf(browser)).signedIn).toBe(true)
    browser.plant(chain, values.chain ?? '')
    expect((await browser.open('/auth/logout/next')).headers.get('location')).toBe('/bye')
    browser.plant(transaction, values.transaction ?? '')
    expect((await browser.finish(state, {}, 'beta')).headers.get('location')).toBe('/')
  })

  it.each(['transaction', 'chain'])('is no session, if it is a %s', async (kind) => {
    const { browser, values } = await withEverything()
    browser.plant(session, values[kind] ?? '')
    expect((await summaryOf(browser)).signedIn).toBe(false)
  })

  it.each(['session', 'chain'])('is no transaction, if it is a %s', async (kind) => {
    const { browser, state, transaction, values } = await withEverything()
    browser.plant(transaction, values[kind] ?? '')
    expect((await browser.finish(state, {}, 'beta')).headers.get('location')).toContain('/auth/beta/login?')
    expect((await summaryOf(browser)).signedIn).toBe(false)
  })

  it.each(['session', 'transaction'])('is no sign-out under way, if it is a %s', async (kind) => {
    const { browser, values } = await withEverything()
    browser.plant(chain, values[kind] ?? '')
    const response = await browser.open('/auth/logout/next')
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    expect(browser.names()).toEqual([])
  })

  it('is no session under another cookie name, though the secret is the same', async () => {
    const secret = exampleSecret()
    const one = createApp({ secret }).browser()
    const other = createApp({ secret, session: { strategy: 'cookie', cookieName: '__Host-other' } }).browser()
    await one.signIn()
    other.plant('__Host-other', one.value())
    other.plant('__Host-latchkey', one.value())
    expect((await summaryOf(other)).signedIn).toBe(false)
  })

  it('is no state, if it is another text that core authenticates or seals', async () => {
    const { browser, values } = await withEverything()
    for (const value of Object.values(values)) {
      const response = await browser.finish(value, {}, 'beta')
      expect(await response.json()).toMatchObject({ code: 'beta/invalid_state' })
    }
  })
})

describe('a header of a sealed text', () => {
  const headers = [
    { alg: 'dir', enc: 'A256GCM', zip: 'DEF' },
    { alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2c: 2 ** 31, p2s: 'AAAA' },
    { alg: 'dir', enc: 'A128GCM' },
    { alg: 'none' },
    { alg: 'dir', enc: 'A256GCM', kid: '../../dev/null' },
    { alg: 'dir', enc: 'A256GCM', kid: '__proto__' },
    {},
  ]
  it.each(headers)('that is not ours is refused without being parsed: %j', async (header) => {
    const browser = createApp().browser()
    await browser.signIn()
    const [, ...rest] = browser.value().split('.')
    browser.plant(session, [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.'))
    expect((await summaryOf(browser)).signedIn).toBe(false)
  })
})
