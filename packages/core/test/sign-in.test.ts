import { describe, expect, it } from 'vitest'
import { codeOf, createApp, summaryOf, usersOf } from './app.ts'
import { parseSetCookie } from './browser.ts'

describe('a sign-in', () => {
  it('goes to the vendor and comes back to where the user wanted to go', async () => {
    const browser = createApp().browser()
    const login = await browser.open('/auth/acme/login?return_url=%2Freports%3Fpage%3D2')
    expect(login.status).toBe(303)
    const vendor = new URL(login.headers.get('location') ?? '')
    expect(vendor.origin).toBe('https://acme.example')
    const response = await browser.finish(vendor.searchParams.get('state') ?? '')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/reports?page=2')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it.each(['//evil.example', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)', '/auth/logout'])(
    'mints nothing when asked to return to %s',
    async (target) => {
      const browser = createApp().browser()
      const login = await browser.open(`/auth/acme/login?${new URLSearchParams({ return_url: target })}`)
      expect([login.status, await codeOf(login)]).toEqual([400, 'auth/return_url_invalid'])
      expect(browser.names()).toEqual([])
    },
  )

  it('returns to a listed origin, whole', async () => {
    const browser = createApp({ returnOrigins: ['https://other.example'] }).browser()
    const state = await browser.begin('acme', '?return_url=https://other.example/x')
    expect((await browser.finish(state)).headers.get('location')).toBe('https://other.example/x')
  })

  it('sets only cookies for this host, every path, https and no script', async () => {
    const browser = createApp().browser()
    const login = await browser.open('/auth/acme/login')
    const [transaction, ...others] = login.headers.getSetCookie().map(parseSetCookie)
    expect(others).toEqual([])
    expect(transaction?.name).toMatch(/^__Host-latchkey.acme.[\w-]{11}$/)
    expect(transaction?.maxAge).toBe(600)

    const state = new URL(login.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const set = (await browser.finish(state)).headers.getSetCookie().map(parseSetCookie)
    expect(set).toEqual([
      { name: transaction?.name, value: '', maxAge: 0 },
      { name: '__Host-latchkey', value: expect.stringMatching(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/), maxAge: 3600 },
    ])
  })

  it('has a test that would notice a weaker cookie', () => {
    const good = '__Host-x=1; Max-Age=5; Path=/; HttpOnly; Secure; SameSite=Lax'
    expect(parseSetCookie(good)).toEqual({ name: '__Host-x', value: '1', maxAge: 5 })
    for (const bad of [
      good.replace('__Host-', ''),
      good.replace('; Secure', ''),
      good.replace('; HttpOnly', ''),
      good.replace('Lax', 'None'),
      good.replace('Path=/', 'Path=/auth'),
      `${good}; Domain=app.example`,
      good.replace('=1;', `=${'x'.repeat(4096)};`),
    ]) {
      expect(() => parseSetCookie(bad)).toThrow('not a cookie of ours')
    }
  })

  it('begins with a new id each time, and the old cookie is dead', async () => {
    const { auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn()
    const before = browser.copy()
    const first = await auth.requireSession(browser.request())
    await browser.signIn()
    const second = await auth.requireSession(browser.request())
    expect(second.session.id).not.toBe(first.session.id)
    expect(await usersOf(before)).toEqual({})
  })

  it('never takes over a session id that was planted before', async () => {
    const { auth, browser: open } = createApp()
    const [attacker, victim] = [open(), open()]
    await attacker.signIn({ subject: 'mallory' })
    victim.plant('__Host-latchkey', attacker.value())
    await victim.signIn({ subject: 'ada' })
    const { session } = await auth.requireSession(victim.request())
    expect(Object.keys(session.identities)).toEqual(['acme'])
    expect(session.identities.acme?.subject).toBe('ada')
    expect(victim.value()).not.toBe(attacker.value())
    expect(await usersOf(attacker)).toEqual({})
  })

  it('has states that are never the same', async () => {
    const browser = createApp().browser()
    const states = await Promise.all(Array.from({ length: 200 }, () => browser.begin()))
    expect(new Set(states).size).toBe(200)
    expect(states.every((state) => /^[\w.~-]+$/.test(state))).toBe(true)
  })

  it('forbids caches to keep any of its answers', async () => {
    const browser = createApp().browser()
    const answers = [
      await browser.open('/auth/acme/login'),
      await browser.signIn(),
      await browser.open('/auth/acme/callback'),
      await browser.fetch('/auth/session'),
      await browser.fetch('/auth/acme/page'),
      await browser.open('/auth/nothing'),
      await browser.submit('/auth/logout'),
    ]
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('private, no-store')
      expect(headers.get('vary')).toBe('Cookie')
    }
  })

  it('takes the user from the vendor, never from query, body or headers of the request', async () => {
    const browser = createApp().browser()
    const state = await browser.begin('acme', '?subject=mallory&user=mallory&sub=mallory')
    await browser.finish(state)
    await browser.submit(
      '/auth/acme/launch',
      { subject: 'mallory' },
      { 'x-user-id': 'mallory', 'x-forwarded-user': 'mallory' },
    )
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it.each([{ subject: '' }, { subject: 7 }, { issuer: '' }, { tenant: { id: '' } }, { subject: null }])(
    'lets no one in whom the provider does not name: %j',
    async (identity) => {
      const browser = createApp().browser()
      const response = await browser.signIn(identity as never)
      expect([response.status, await codeOf(response)]).toEqual([500, 'core/internal_error'])
      expect((await summaryOf(browser)).signedIn).toBe(false)
    },
  )
})
