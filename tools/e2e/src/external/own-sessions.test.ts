import { createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { type OwnMount, ownMounts } from './mounts.ts'
import { createOwnAuth } from './own-auth.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A browser at an app. */
interface Visit {
  readonly browser: TestBrowser
  readonly events: readonly { readonly type: string }[]
  begin(): Promise<string>
  signIn(subject?: string): Promise<TestAnswer>
  launch(from?: string): Promise<TestAnswer>
}

async function visit(mount: OwnMount, options: Parameters<typeof createOwnAuth>[1] = {}): Promise<Visit> {
  const { auth, events } = createOwnAuth(mount.session, options)
  const { port, close } = await mount.start(auth)
  closing.push(close)
  const origin = 'http://localhost:3001'
  const browser = createTestBrowser({ origin, servers: { [origin]: `http://127.0.0.1:${port}` } })
  const begin = async (): Promise<string> =>
    (await browser.open('/auth/acme/login')).location?.searchParams.get('state') ?? ''
  return {
    browser,
    events,
    begin,
    signIn: async (subject = 'ada') => browser.open(`/auth/acme/callback?state=${await begin()}&subject=${subject}`),
    launch: (from) => browser.submit('/auth/wise/launch', {}, { from }),
  }
}

const userOf = async ({ browser }: Visit): Promise<unknown> =>
  ((await browser.open('/me')).json() as { user: unknown }).user

describe.each(ownMounts)('sessions of the app: $name', (mount) => {
  it('hold whoever signs in; ours sets no session cookie', async () => {
    const user = await visit(mount)
    expect(await userOf(user)).toBeNull()
    const response = await user.signIn()
    expect([response.status, response.headers.get('location')]).toEqual([303, '/home'])
    expect(await userOf(user)).toEqual({ id: 'ada', name: 'User ada' })
    expect(user.browser.cookies.names().filter((name) => name.startsWith('__Host-'))).toEqual([])
    expect(user.events).toContainEqual(expect.objectContaining({ type: 'sign_in.succeeded' }))
  })

  it('launch Wise as the user of the app, by a request of the app alone', async () => {
    const user = await visit(mount)
    expect((await user.launch()).status).toBe(401)
    await user.signIn()
    const response = await user.launch()
    const to = response.location
    expect([response.status, to?.origin, to?.pathname]).toEqual([
      303,
      'https://school.example',
      '/identity-based-login',
    ])
    const [, payload = ''] = (to?.searchParams.get('jwtToken') ?? '').split('.')
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ vendorUserId: 'ada' })
    expect((await user.launch('https://evil.example/')).status).toBe(403)
  })

  it('are new at a sign-in, and of the one who signed in last', async () => {
    const user = await visit(mount)
    await user.signIn('eve')
    const before = { ...user, browser: user.browser.copy() }
    await user.signIn('ada')
    expect(await userOf(user)).toMatchObject({ id: 'ada' })
    expect(await userOf(before)).toBeNull()
  })

  it('are left alone by a login that is refused, forged or redeemed before', async () => {
    const user = await visit(mount)
    await user.signIn('ada')
    const state = await user.begin()
    const { cookies } = user.browser
    const during = cookies.names().map((name) => [name, cookies.get(name) ?? ''] as const)
    expect((await user.browser.open(`/auth/acme/callback?state=${state}x&subject=eve`)).status).toBe(400)
    expect(await userOf(user)).toMatchObject({ id: 'ada' })
    await user.browser.open(`/auth/acme/callback?state=${state}&subject=ada`)
    for (const [name, value] of during) if (name.startsWith('__Host-')) cookies.set(name, value)
    const again = await user.browser.open(`/auth/acme/callback?state=${state}&subject=eve`)
    expect([again.status, again.json()]).toMatchObject([400, { code: 'auth/login_replayed' }])
    expect(await userOf(user)).toMatchObject({ id: 'ada' })
  })

  it('are left alone where the app refuses the sign-in', async () => {
    const user = await visit(mount, { onSignIn: () => ({ action: 'deny' }) })
    expect((await user.signIn()).status).toBe(403)
    expect(await userOf(user)).toBeNull()
  })

  it('end a sign-in that the app cannot take, without a word of why', async () => {
    const failing = { ...mount.session, signIn: () => Promise.reject(new Error('canary: the database is down')) }
    const user = await visit({ ...mount, session: failing })
    const response = await user.signIn()
    expect([response.status, response.text]).toEqual([500, expect.not.stringContaining('canary')])
    expect(await userOf(user)).toBeNull()
  })

  it('are not what our own routes and guards know', async () => {
    const user = await visit(mount)
    await user.signIn()
    expect((await user.browser.open('/auth/session')).json()).toEqual({ signedIn: false, identities: {} })
  })
})
