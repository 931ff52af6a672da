import { describe, expect, it } from 'vitest'
import { createApp } from './app.ts'

describe('GET /auth/session', () => {
  it('says that no one is signed in, with 200', async () => {
    const response = await createApp().browser().fetch('/auth/session')
    expect([response.status, await response.json()]).toEqual([200, { signedIn: false, identities: {} }])
  })

  it('says who is signed in: enough to greet them, and no more', async () => {
    const { clock, browser: open } = createApp({
      onSignIn: ({ current }) => ({ kind: current ? 'join' : 'start', data: { secret: 'of the app' } }),
    })
    const browser = open()
    await browser.signIn({
      tenant: { id: 'tnt', name: 'acme' },
      authenticatedAt: clock.now - 5,
      authTimeSource: 'acr',
      profile: { name: 'Ada', email: 'ada@example.org', emailVerified: true, picture: 'https://x.example/ada.png' },
      tokens: { accessToken: 'canary-token', refreshToken: 'canary-token' },
    })
    await browser.signIn({ subject: 'palm-1' }, 'beta')
    const response = await browser.fetch('/auth/session')
    expect(await response.json()).toEqual({
      signedIn: true,
      expiresAt: clock.now + 3600,
      identities: {
        acme: {
          subject: 'ada',
          tenant: { id: 'tnt', name: 'acme' },
          name: 'Ada',
          email: 'ada@example.org',
          authenticatedAt: clock.now - 5,
        },
        beta: { subject: 'palm-1' },
      },
    })
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')
  })

  it('never prolongs the session, however often it is asked', async () => {
    const { clock, browser: open } = createApp({ session: { strategy: 'cookie', idleSeconds: 100 } })
    const browser = open()
    await browser.signIn()
    const sealed = browser.value()
    for (let asked = 0; asked < 10; asked++) {
      clock.now += 9
      const response = await browser.fetch('/auth/session')
      expect(response.headers.getSetCookie()).toEqual([])
    }
    expect(browser.value()).toBe(sealed)
    clock.now += 10
    expect(await (await browser.copy().fetch('/auth/session')).json()).toMatchObject({ signedIn: false })
  })

  it('tells other sites nothing that they could read', async () => {
    const browser = createApp().browser()
    await browser.signIn()
    const response = await browser.fetch('/auth/session', {
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    })
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})
