import { createAuth } from '@latchkey/core'
import { wristbandProvider } from '@latchkey/core-wristband'
import { createTestBrowser, createTestSession, type Mount } from '@latchkey/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const origin = 'https://app.example'
const now = 1_800_000_000

const auth = createAuth({
  baseUrl: origin,
  secret: 'an-example-secret-of-32-bytes-or-more',
  providers: [
    wristbandProvider({
      clientId: 'an-example-client',
      clientSecret: 'an-example-secret',
      applicationDomain: 'invo-example.us.wristband.dev',
      tenancy: { kind: 'query' },
      frontEndSdk: true,
      exposeAccessToken: true,
    }),
  ],
  sessionResponse: () => ({ plan: 'gold' }),
  clock: () => now,
})

/** A browser that is signed in, at a mount that listens. */
async function signedIn(server: string) {
  const browser = createTestBrowser({ origin, servers: { [origin]: server } })
  const { cookie } = await createTestSession(
    auth,
    { wristband: { subject: 'ada', tenant: { id: 'id-of-acme', name: 'acme' }, profile: { name: 'Ada Example' } } },
    { tokens: { wristband: { accessToken: 'an-example-token', expiresAt: now + 1800, refreshAt: now + 1740 } } },
  )
  for (const pair of cookie.split('; ')) {
    const [name = '', ...value] = pair.split('=')
    browser.cookies.set(name, value.join('='))
  }
  return browser
}

/** Declares what a mount answers Wristband’s front-end SDK. */
export function testShapes(mount: Mount): void {
  describe(`what Wristband’s front-end SDK reads, on ${mount.name}`, () => {
    let running: Awaited<ReturnType<Mount['start']>>
    beforeAll(async () => {
      running = await mount.start({ auth, routes: [] })
    })
    afterAll(() => running.close())

    const sdk = '/auth/wristband/sdk'

    it('is 401 while nobody is signed in', async () => {
      const browser = createTestBrowser({ origin, servers: { [origin]: running.origin } })
      expect((await browser.fetch(`${sdk}/session`)).status).toBe(401)
      expect((await browser.fetch(`${sdk}/token`)).status).toBe(401)
    })

    it('is the session, the proof in a cookie that scripts read, and the token for who shows it', async () => {
      const browser = await signedIn(running.origin)
      const session = await browser.fetch(`${sdk}/session`)
      expect([session.status, session.json()]).toEqual([
        200,
        { userId: 'ada', tenantId: 'id-of-acme', metadata: { name: 'Ada Example', plan: 'gold' } },
      ])
      expect(session.headers.getSetCookie()).toEqual([
        expect.stringMatching(/^CSRF-TOKEN=[\w-]+; Path=\/; Secure; SameSite=Strict$/),
      ])
      const proof = browser.cookies.get('CSRF-TOKEN') ?? ''
      expect((await browser.fetch(`${sdk}/token`)).status).toBe(403)
      const token = await browser.fetch(`${sdk}/token`, { headers: { 'X-CSRF-TOKEN': proof } })
      expect([token.status, token.json()]).toEqual([
        200,
        { accessToken: 'an-example-token', expiresAt: (now + 1800) * 1000 },
      ])
      for (const { headers } of [session, token]) {
        expect(headers.get('cache-control')).toBe('private, no-store')
        expect(headers.get('access-control-allow-origin')).toBeNull()
      }
    })

    it('is a sign-out for a page of ours, and a page with a button for others', async () => {
      const browser = await signedIn(running.origin)
      const asked = await browser.open(`${sdk}/logout`, { from: 'https://evil.example/' })
      expect([asked.status, asked.text.includes('<form method="post" action="/auth/logout">')]).toEqual([200, true])
      expect((await browser.fetch(`${sdk}/session`)).status).toBe(200)
      const left = await browser.open(`${sdk}/logout`, { from: '/page' })
      expect([left.status, left.location?.pathname]).toEqual([303, '/api/v1/logout'])
      expect((await browser.fetch(`${sdk}/session`)).status).toBe(401)
    })
  })
}
