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
  emulator = await startEmulator({ wristband: false, wise: false })
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
      const login = await visitor.get('/auth/wink/login?return_url=%2Fpayroll')
      const callback = await pressUser(wink, login.headers.get('location') ?? '', user)
      expect(callback.origin + callback.pathname).toBe(callbackUrl)

      const relayed = await visitor.get(callback.pathname + callback.search, callbackOrigin)
      expect(relayed.status).toBe(303)
      expect(relayed.headers.getSetCookie()).toEqual([])
      expect(relayed.headers.get('referrer-policy')).toBe('no-referrer')
      const target = new URL(relayed.headers.get('location') ?? '')
      expect(target.origin).toBe(hosts[tenant])

      const done = await visitor.get(target.pathname + target.search)
      expect(done.headers.get('location')).toBe('/payroll')
      expect((await visitor.identity())?.subject).toBe(wink.users[user].winkToken)
    }
  })

  it("opens nothing on another tenant's host", async () => {
    const [acme, globex] = [app.open(hosts.acme), app.open(hosts.globex)]
    const login = await acme.get('/auth/wink/login')
    await globex.get('/auth/wink/login')
    const callback = await pressUser(wink, login.headers.get('location') ?? '', 'ada')
    const elsewhere = await globex.get(callback.pathname + callback.search)
    expect(elsewhere.headers.get('location')?.startsWith(hosts.acme)).toBe(true)
    expect(await globex.identity()).toBeUndefined()
    expect(wink.journal.count('token')).toBe(0)
  })

  it('cancels on the host that the login began on', async () => {
    const acme = app.open(hosts.acme)
    await acme.get('/auth/wink/login')
    expect(acme.jar.names()).toHaveLength(1)
    expect(await (await acme.get('/auth/wink/cancel')).json()).toMatchObject({ code: 'wink/cancelled' })
    expect(acme.jar.names()).toEqual([])
  })
})
