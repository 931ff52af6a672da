import { type EmulatedWink, type Emulator, startEmulator } from '@latchkey/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openServerApp, type ServerApp } from './server-app.ts'
import { pressUser } from './wink-pages.ts'

const callbackOrigin = 'http://login.localhost:3001'
const callbackUrl = `${callbackOrigin}/auth/wink/callback`
const hosts = { acme: 'http://acme.localhost:3001', globex: 'http://globex.localhost:3001' }

let emulator: Emulator<'wristband' | 'wise'>
let wink: EmulatedWink
let app: ServerApp
beforeAll(async () => {
  emulator = await startEmulator({ wristband: false, wise: false, clock: 'manual' })
  wink = emulator.wink
  wink.registerRedirectUri(callbackUrl)
})
afterAll(() => emulator.close())
beforeEach(() => {
  wink.journal.clear()
  app = openServerApp(
    wink,
    { returnUrls: [callbackUrl] },
    { baseUrl: 'http://{tenant}.localhost:3001', callbackOrigin },
  )
})

describe("two tenants' hosts and one Wink callback", () => {
  it('sends each user back to the host that their login began on, and signs them in there', async () => {
    for (const [tenant, user] of [
      ['acme', 'ada'],
      ['globex', 'gina'],
    ] as const) {
      const visitor = app.open(hosts[tenant])
      const login = await visitor.browser.open('/auth/wink/login?return_url=%2Fpayroll')
      const callback = await pressUser(wink, login.location?.href ?? '', user)
      expect(callback.origin + callback.pathname).toBe(callbackUrl)

      const relayed = await visitor.browser.open(callback)
      expect(relayed.status).toBe(303)
      expect(relayed.headers.getSetCookie()).toEqual([])
      expect(relayed.headers.get('referrer-policy')).toBe('no-referrer')
      expect(relayed.location?.origin).toBe(hosts[tenant])

      const done = await visitor.browser.open(relayed.location ?? '')
      expect(done.location?.href).toBe(`${hosts[tenant]}/payroll`)
      expect((await visitor.identity())?.subject).toBe(wink.users[user].winkToken)
    }
  })

  it("opens nothing on another tenant's host", async () => {
    const [acme, globex] = [app.open(hosts.acme), app.open(hosts.globex)]
    const login = await acme.browser.open('/auth/wink/login')
    await globex.browser.open('/auth/wink/login')
    const callback = await pressUser(wink, login.location?.href ?? '', 'ada')
    const elsewhere = await globex.browser.open(callback.pathname + callback.search)
    expect(elsewhere.location?.origin).toBe(hosts.acme)
    expect(await globex.identity()).toBeUndefined()
    expect(wink.journal.count('token')).toBe(0)
  })

  it('cancels on the host that the login began on', async () => {
    const acme = app.open(hosts.acme)
    await acme.browser.open('/auth/wink/login')
    expect(acme.browser.cookies.names()).toHaveLength(1)
    expect((await acme.browser.open('/auth/wink/cancel')).json()).toMatchObject({ code: 'wink/cancelled' })
    expect(acme.browser.cookies.names()).toEqual([])
  })
})
