import { beforeEach, describe, expect, it } from 'vitest'
import { type BrowserApp, codeOf, openBrowserApp, type PageVisitor } from '../../test/browser-app.ts'
import { json, now, profile, standInForWink, type WinkStandIn } from '../../test/wink-stand-in.ts'

let wink: WinkStandIn
let app: BrowserApp
let ada: PageVisitor
standInForWink((started) => {
  wink = started
})
beforeEach(() => {
  app = openBrowserApp(wink)
  ada = app.open()
})

describe('prolonging', () => {
  const readWink = async () => {
    return (await app.auth.getSession(ada.browser.request('/api'), { readOnly: true })).session
  }

  it('moves what Wink vouches for and the idle time, and no proof', async () => {
    await ada.signIn()
    const before = await readWink()
    app.clock.now += 240
    wink.answers['verify-client'] = (response) =>
      json(response, { ...profile, firstName: 'Augusta', expiryTime: undefined })
    expect((await ada.send(await app.token({ auth_time: app.clock.now }))).status).toBe(204)
    const after = await readWink()
    expect(after?.identities.wink?.profile).toMatchObject({ name: 'Augusta Lovelace', verifiedUntil: now + 540 })
    expect({ ...after?.identities.wink, profile: null }).toEqual({ ...before?.identities.wink, profile: null })
    expect([after?.id, after?.createdAt]).toEqual([before?.id, before?.createdAt])
    expect(after?.expiresAt).toBe((before?.expiresAt ?? 0) + 240)
  })

  it('takes a refreshed token, whose nonce is that of the login', async () => {
    const nonce = await ada.begin()
    expect((await ada.send(await app.token({ nonce }))).status).toBe(204)
    expect((await ada.send(await app.token({ nonce }))).status).toBe(204)
  })

  it("refuses another user's token, and leaves the session as it is", async () => {
    await ada.signIn()
    const before = ada.browser.cookies.header()
    wink.answers['verify-client'] = (response) =>
      json(response, { ...profile, winkToken: 'another', winkTag: ';stage-other' })
    const token = await app.token({ sub: 'another', preferred_username: ';stage-other' })
    const response = await ada.send(token)
    expect(response.status).toBe(409)
    expect(await codeOf(response)).toBe('wink/user_changed')
    expect(ada.browser.cookies.header()).toBe(before)
  })
})

describe('the cookie wink_id_token', () => {
  const expired = 'wink_id_token=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax'

  it('proves nothing, and is expired with the answer, also where that is no', async () => {
    const nonce = await ada.begin()
    ada.browser.cookies.set('wink_id_token', await wink.idToken({ nonce }))
    expect((await ada.session()).signedIn).toBe(false)
    const refused = await ada.send(await app.token())
    expect(await codeOf(refused)).toBe('wink/nonce_missing')
    expect(refused.headers.getSetCookie()).toContain(expired)
  })

  it('is expired at sign-in and at sign-out', async () => {
    const token = await app.token({ nonce: await ada.begin() })
    for (const act of [() => ada.send(token), () => ada.post('/auth/logout', {})]) {
      ada.browser.cookies.set('wink_id_token', 'left')
      const response = await act()
      expect([200, 204]).toContain(response.status)
      expect(response.headers.getSetCookie()).toContain(expired)
    }
  })
})
