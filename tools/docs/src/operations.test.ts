import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuth, createMemoryStore, type Store } from '@latchkey/core'
import { wristbandProvider } from '@latchkey/core-wristband'
import { type EmulatedWristband, startEmulator } from '@latchkey/emulator'
import { createTestBrowser } from '@latchkey/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'

const origin = 'http://localhost:3001'
let wristband: EmulatedWristband
let close: () => Promise<void>
beforeAll(async () => {
  ;({ wristband, close } = await startEmulator({ wink: false, wise: false, clock: 'manual' }))
})
afterAll(() => close())

/** How many commands each request of the guide's table costs, in its order. */
async function measure(strategy: 'store' | 'cookie'): Promise<readonly number[]> {
  let commands = 0
  const memory = createMemoryStore()
  const counted = <Given extends unknown[], Result>(call: (...given: Given) => Result) => {
    return (...given: Given): Result => {
      commands += 1
      return call(...given)
    }
  }
  const store: Store = {
    get: counted((key) => memory.get(key)),
    set: counted((key, value, lifetime) => memory.set(key, value, lifetime)),
    add: counted((key, value, lifetime) => memory.add(key, value, lifetime)),
    replace: counted((key, expected, value, lifetime) => memory.replace(key, expected, value, lifetime)),
    remove: counted((key, expected) => memory.remove(key, expected)),
    getMany: counted((keys) => Promise.all(keys.map((key) => memory.get(key)))),
  }
  const take = (): number => {
    const taken = commands
    commands = 0
    return taken
  }
  const { clientId, clientSecret, applicationDomain, tenants } = wristband
  const clock = wristband.clock.now
  const auth = createAuth({
    baseUrl: origin,
    secret: 'an-example-secret-of-32-bytes-or-more',
    store,
    session: { strategy },
    providers: [
      wristbandProvider({
        clientId,
        clientSecret,
        applicationDomain,
        resolveTenantId: ({ name }) => (name === tenants.acme.name ? tenants.acme.id : null),
        tenancy: { kind: 'query' },
        clock,
      }),
    ],
    clock,
  })
  const browser = createTestBrowser({
    origin,
    clock,
    answer: async (request) => (new URL(request.url).origin === origin ? auth.handle(request) : null),
  })
  const login = await browser.open('/auth/wristband/login?tenant_name=acme', { from: '/' })
  const ofLogin = take()
  const page = await browser.follow(login)
  const [, req = ''] = /name="req" value="([^"]+)"/.exec(page.text) ?? []
  const { location } = await browser.submit(new URL('/login', page.url), { req, user: 'ada' })
  expect((await browser.open(location ?? origin)).status).toBe(303)
  const ofCallback = take()
  await auth.requireSession(browser.request('/api'))
  const ofGuard = take()
  wristband.clock.advance(1799)
  await auth.requireSession(browser.request('/api'))
  const ofRefresh = take()
  await browser.submit('/auth/logout')
  return [ofGuard, ofLogin, ofCallback, ofRefresh, take()]
}

it('the guide for operators says how many commands of the store a request costs', async () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/guides/operations.md'), 'utf8')
  const rows = [...text.matchAll(/^\| [^|]+ \| (\d+) \| (\d+) \|$/gm)]
  expect(rows).toHaveLength(5)
  expect(rows.map(([, ofStore]) => Number(ofStore))).toEqual(await measure('store'))
  expect(rows.map(([, , ofCookie]) => Number(ofCookie))).toEqual(await measure('cookie'))
})
