import { afterEach, describe, expect, it } from 'vitest'
import { type OwnMount, ownMounts } from './mounts.ts'
import { createOwnAuth } from './own-auth.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A browser at an app. */
interface Visit {
  readonly cookies: Map<string, string>
  readonly events: readonly { readonly type: string }[]
  send(path: string, init?: RequestInit): Promise<Response>
  begin(): Promise<string>
  signIn(subject?: string): Promise<Response>
  launch(headers?: Record<string, string>): Promise<Response>
}

async function visit(mount: OwnMount, options: Parameters<typeof createOwnAuth>[1] = {}): Promise<Visit> {
  const { auth, events } = createOwnAuth(mount.session, options)
  const { port, close } = await mount.start(auth)
  closing.push(close)
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const headers = { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'document', cookie, ...init.headers }
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split('=', 2)
      if (/max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  const begin = async (): Promise<string> => {
    const response = await send('/auth/acme/login')
    return new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? ''
  }
  return {
    cookies,
    events,
    send,
    begin,
    signIn: async (subject = 'ada') => send(`/auth/acme/callback?state=${await begin()}&subject=${subject}`),
    launch: (headers = {}) => send('/auth/wise/launch', { method: 'POST', headers }),
  }
}

const userOf = async (browser: Visit): Promise<unknown> =>
  ((await (await browser.send('/me')).json()) as { user: unknown }).user

describe.each(ownMounts)('sessions of the app: $name', (mount) => {
  it('hold whoever signs in; ours sets no session cookie', async () => {
    const browser = await visit(mount)
    expect(await userOf(browser)).toBeNull()
    const response = await browser.signIn()
    expect([response.status, response.headers.get('location')]).toEqual([303, '/home'])
    expect(await userOf(browser)).toEqual({ id: 'ada', name: 'User ada' })
    expect([...browser.cookies.keys()].filter((name) => name.startsWith('__Host-'))).toEqual([])
    expect(browser.events).toContainEqual(expect.objectContaining({ type: 'sign_in.succeeded' }))
  })

  it('launch Wise as the user of the app, by a request of the app alone', async () => {
    const browser = await visit(mount)
    expect((await browser.launch()).status).toBe(401)
    await browser.signIn()
    const response = await browser.launch()
    const to = new URL(response.headers.get('location') ?? '')
    expect([response.status, to.origin, to.pathname]).toEqual([303, 'https://school.example', '/identity-based-login'])
    const [, payload = ''] = (to.searchParams.get('jwtToken') ?? '').split('.')
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ vendorUserId: 'ada' })
    expect((await browser.launch({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  })

  it('are new at a sign-in, and of the one who signed in last', async () => {
    const browser = await visit(mount)
    await browser.signIn('eve')
    const before = new Map(browser.cookies)
    await browser.signIn('ada')
    expect(await userOf(browser)).toMatchObject({ id: 'ada' })
    browser.cookies.clear()
    for (const [name, value] of before) browser.cookies.set(name, value)
    expect(await userOf(browser)).toBeNull()
  })

  it('are left alone by a login that is refused, forged or redeemed before', async () => {
    const browser = await visit(mount)
    await browser.signIn('ada')
    const state = await browser.begin()
    const during = new Map(browser.cookies)
    expect((await browser.send(`/auth/acme/callback?state=${state}x&subject=eve`)).status).toBe(400)
    expect(await userOf(browser)).toMatchObject({ id: 'ada' })
    await browser.send(`/auth/acme/callback?state=${state}&subject=ada`)
    for (const [name, value] of during) if (name.startsWith('__Host-')) browser.cookies.set(name, value)
    const again = await browser.send(`/auth/acme/callback?state=${state}&subject=eve`)
    expect([again.status, await again.json()]).toMatchObject([400, { code: 'auth/login_replayed' }])
    expect(await userOf(browser)).toMatchObject({ id: 'ada' })
  })

  it('are left alone where the app refuses the sign-in', async () => {
    const browser = await visit(mount, { onSignIn: () => ({ action: 'deny' }) })
    expect((await browser.signIn()).status).toBe(403)
    expect(await userOf(browser)).toBeNull()
  })

  it('end a sign-in that the app cannot take, without a word of why', async () => {
    const failing = { ...mount.session, signIn: () => Promise.reject(new Error('canary: the database is down')) }
    const browser = await visit({ ...mount, session: failing })
    const response = await browser.signIn()
    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining('canary')])
    expect(await userOf(browser)).toBeNull()
  })

  it('are not what our own routes and guards know', async () => {
    const browser = await visit(mount)
    await browser.signIn()
    expect(await (await browser.send('/auth/session')).json()).toEqual({ signedIn: false, identities: {} })
  })
})
