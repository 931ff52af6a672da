import { describe, expect, it } from 'vitest'
import { refusalOf } from './app.ts'
import { createStoredApp, setsCookie, strategies } from './strategies.ts'

describe.each(strategies)('the app’s data in a session in a %s', (strategy) => {
  it('is changed member by member: undefined removes one, absent leaves it, and nothing is merged deeper', async () => {
    const { auth, browser: open } = createStoredApp(strategy)
    const browser = open()
    await browser.signIn()
    const update = async (data: object) => {
      const { session, headers } = await auth.updateSession(browser.request(), data)
      browser.keep(headers)
      const read = await auth.getSession(browser.request(), { readOnly: true })
      expect(read.session?.data).toStrictEqual(session.data)
      return session.data
    }
    expect(await update({ theme: 'dark', menu: { open: true, width: 5 } })).toStrictEqual({
      theme: 'dark',
      menu: { open: true, width: 5 },
    })
    expect(await update({ menu: { open: false } })).toStrictEqual({ theme: 'dark', menu: { open: false } })
    expect(await update({ theme: undefined })).toStrictEqual({ menu: { open: false } })
    expect(await update({ theme: undefined, zero: 0, empty: '', nothing: null, no: false })).toStrictEqual({
      menu: { open: false },
      zero: 0,
      empty: '',
      nothing: null,
      no: false,
    })
    expect(await update({})).toStrictEqual({ menu: { open: false }, zero: 0, empty: '', nothing: null, no: false })
    expect(
      await update({ menu: undefined, zero: undefined, empty: undefined, nothing: undefined, no: undefined }),
    ).toStrictEqual({})
  })

  it('turns no object into another by a name that is special', async () => {
    const { auth, browser: open } = createStoredApp(strategy)
    const browser = open()
    await browser.signIn()
    const patch = JSON.parse('{"__proto__":{"admin":true},"constructor":"x"}') as object
    const { session, headers } = await auth.updateSession(browser.request(), patch)
    browser.keep(headers)
    expect(Object.getPrototypeOf(session.data)).toBe(Object.prototype)
    expect((session.data as { admin?: unknown }).admin).toBeUndefined()
    const read = await auth.getSession(browser.request(), { readOnly: true })
    expect(read.session?.data).not.toHaveProperty('admin')
  })

  it('is changed by our own pages alone, and without a look at the session for any other', async () => {
    const { auth, browser: open, writes } = createStoredApp(strategy)
    const browser = open()
    await browser.signIn()
    const before = writes()
    const update = (method: string, headers: Record<string, string>) =>
      auth.updateSession(browser.request('/api', { method, headers }), { theme: 'dark' })
    for (const headers of [{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }] as const) {
      expect(await refusalOf(update('POST', headers))).toBe('core/cross_origin')
    }
    expect(writes()).toBe(before)
    expect((await update('POST', { 'sec-fetch-site': 'same-origin' })).session.data).toEqual({ theme: 'dark' })
    expect((await update('GET', {})).session.data).toEqual({ theme: 'dark' })
  })

  it('needs a session, and what is refused sets no cookie', async () => {
    const { auth, browser: open } = createStoredApp(strategy)
    const request = open().request()
    expect(await refusalOf(auth.updateSession(request, { theme: 'dark' }))).toBe('auth/session_required')
    const { session, headers } = await auth.getSession(request)
    expect([session, setsCookie(headers)]).toEqual([null, false])
  })
})
