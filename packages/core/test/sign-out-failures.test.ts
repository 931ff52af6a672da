import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AuthOptions, InstalledProvider, RateLimit } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { codeOf, createApp, usersOf } from './app.ts'
import type { Browser } from './browser.ts'
import { createFailingStore, type Failing } from './failing-store.ts'
import { type Strategy, strategies } from './strategies.ts'

/** A browser in which ada is linked to palm-1, who are both signed in elsewhere too; vendors count what they are told. */
async function signedIn(strategy: Strategy, more: Partial<AuthOptions> = {}, vendorUrl?: string) {
  const { store, failing } = createFailingStore()
  const told: string[] = []
  const signOut = async (tokens: unknown, { subject }: { readonly subject: string }) => {
    told.push(`${subject}${tokens === null ? '' : ' with tokens'}`)
    return vendorUrl === undefined || subject !== 'ada' ? {} : { url: new URL(vendorUrl) }
  }
  const app = createApp({
    session: { strategy },
    store,
    providers: [acme('acme', { signOut }), acme('beta', { signOut })],
    onSignIn: ({ current }) => ({ action: current === null ? 'new' : 'link' }),
    ...more,
  })
  const [here, ada, palm] = [app.browser(), app.browser(), app.browser()]
  await here.signIn({ tokens: { refreshToken: 'an-example-refresh-token' } })
  await here.signIn({ subject: 'palm-1' }, 'beta')
  await ada.signIn()
  await palm.signIn({ subject: 'palm-1' }, 'beta')
  const others = async () => ({ ...(await usersOf(ada)), ...(await usersOf(palm)) })
  return { ...app, failing, told, here, copy: here.copy(), others }
}

const left = '__Host-latchkey.logout.left'
const everywhere = JSON.stringify({ everywhere: true })
const json = { 'content-type': 'application/json' }

function signOutBy(browser: Browser, body: string | null = null): Promise<Response> {
  return browser.fetch('/auth/logout', { method: 'POST', body, headers: body === null ? {} : json })
}

async function expectIncomplete(response: Response): Promise<void> {
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await codeOf(response)).toBe('auth/sign_out_incomplete')
}

/** Only the nth write of a mark fails. */
function markThatFails(which: number): Failing {
  let marks = 0
  return (method, key) => method === 'set' && key.startsWith('revoked:') && marks++ === which
}

afterEach(() => void vi.useRealTimers())

describe.each(strategies)('a sign-out everywhere, with sessions in a %s,', (strategy) => {
  it.each([0, 1])('of which mark %i fails ends the rest, and what is left when it is repeated', async (which) => {
    const { here, copy, others, failing, told, events } = await signedIn(strategy)
    failing(markThatFails(which))
    await expectIncomplete(await signOutBy(here, everywhere))
    expect(here.names()).toEqual([left])
    expect(told).toEqual(['ada with tokens', 'palm-1'])
    expect(events.slice(-2)).toMatchObject([
      { type: 'session.ended', reason: 'signed_out', user: { subject: 'ada' } },
      { type: 'sign_out.incomplete', code: 'auth/sign_out_incomplete', reason: 'everywhere' },
    ])
    failing(() => false)
    expect(await usersOf(copy)).toEqual({})
    expect(await others()).toEqual(which === 0 ? { acme: 'ada' } : { beta: 'palm-1' })
    const again = await signOutBy(here)
    expect([again.status, await again.json(), here.names()]).toEqual([200, {}, []])
    expect(await others()).toEqual({})
  })

  it('stays repeatable while the marks fail, for ten minutes and at its own origin', async () => {
    const { here, others, failing, clock } = await signedIn(strategy)
    failing((method, key) => method === 'set' && key.startsWith('revoked:'))
    await expectIncomplete(await signOutBy(here, everywhere))
    clock.now += 599
    await expectIncomplete(await signOutBy(here))
    const old = here.copy()
    failing(() => false)
    clock.now += 600
    expect((await signOutBy(old)).status).toBe(200)
    expect(await others()).toEqual({ acme: 'ada', beta: 'palm-1' })
  })

  it('ends the users of linked identities where the session’s own user has ended, and no newer session', async () => {
    const { here, others, auth, browser } = await signedIn(strategy)
    await auth.revokeSessions({ provider: 'acme', issuer: 'https://acme.example', subject: 'ada' })
    const newer = browser()
    await newer.signIn()
    expect(await usersOf(here)).toEqual({})
    expect((await signOutBy(here, everywhere)).status).toBe(200)
    expect(await others()).toEqual({})
    expect(await usersOf(newer)).toEqual({ acme: 'ada' })
  })

  it('sends a page to the vendors first, and then says what is left', async () => {
    const url = 'https://acme.example/logout'
    const { here, failing } = await signedIn(strategy, { pages: { error: '/error' } }, url)
    failing(markThatFails(0))
    const response = await here.submit('/auth/logout', { everywhere: 'yes', return_url: '/bye' })
    expect([response.status, response.headers.get('location')]).toEqual([303, url])
    failing(() => false)
    const end = await here.open('/auth/logout/next')
    expect([end.status, end.headers.get('location')]).toEqual([303, '/error?code=auth%2Fsign_out_incomplete'])
    expect(here.names()).toEqual([left])
  })

  it('sends a page to the error page where there is no vendor to visit', async () => {
    const { here, failing } = await signedIn(strategy, { pages: { error: '/error' } })
    failing(markThatFails(0))
    const response = await here.submit('/auth/logout', { everywhere: 'yes' })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/error?code=auth%2Fsign_out_incomplete'])
  })

  it('tells a script where to send the browser, though something is left', async () => {
    const url = 'https://acme.example/logout'
    const { here, failing } = await signedIn(strategy, {}, url)
    failing(markThatFails(0))
    expect(await (await signOutBy(here, everywhere)).json()).toMatchObject({
      code: 'auth/sign_out_incomplete',
      signOutUrl: url,
    })
    expect((await here.open('/auth/logout/next')).headers.get('location')).toBe('/')
  })
})

describe('a sign-out while the store is down', () => {
  it('needs no store where the session is in the cookie', async () => {
    const { here, copy, failing, told } = await signedIn('cookie')
    failing(() => true)
    expect((await signOutBy(here)).status).toBe(200)
    failing(() => false)
    expect([here.names(), await usersOf(copy)]).toEqual([[], {}])
    expect(told).toEqual(['ada with tokens', 'palm-1'])
  })

  it.each([
    [null, { acme: 'ada', beta: 'palm-1' }],
    [everywhere, {}],
  ])('signs the browser out, and a repeat ends all that was asked for: %s', async (body, stay) => {
    const { here, copy, others, failing, told } = await signedIn('store')
    failing(() => true)
    await expectIncomplete(await signOutBy(here, body))
    expect([here.names(), told]).toEqual([[left], []])
    failing(() => false)
    expect(await usersOf(copy)).toEqual({ acme: 'ada', beta: 'palm-1' })
    expect((await signOutBy(here)).status).toBe(200)
    expect([here.names(), told]).toEqual([[], ['ada with tokens', 'palm-1']])
    expect([await usersOf(copy), await others()]).toEqual([{}, stay])
  })

  it('shows the token of the session to nobody meanwhile', async () => {
    const { here, copy, failing } = await signedIn('store')
    failing(() => true)
    const response = await signOutBy(here)
    expect([...response.headers].join() + (await response.text())).not.toContain(copy.value())
  })

  it('ends a record that cannot be removed', async () => {
    const { here, copy, failing } = await signedIn('store')
    failing((method) => method === 'remove')
    expect((await signOutBy(here)).status).toBe(200)
    failing(() => false)
    expect([here.names(), await usersOf(copy)]).toEqual([[], {}])
  })

  it('says so where a record can neither be removed nor ended', async () => {
    const { here, copy, failing, told, events } = await signedIn('store')
    failing((method) => method === 'remove' || method === 'set')
    await expectIncomplete(await signOutBy(here))
    expect(told).toEqual(['ada with tokens', 'palm-1'])
    expect(events.at(-1)).toMatchObject({ type: 'sign_out.incomplete', reason: 'session' })
    failing(() => false)
    expect((await signOutBy(here)).status).toBe(200)
    expect([here.names(), await usersOf(copy)]).toEqual([[], {}])
  })

  it('ends a record that cannot be read', async () => {
    const { here, copy, failing } = await signedIn('store')
    failing((method, key) => method === 'get' && key.startsWith('session:'))
    await expectIncomplete(await signOutBy(here))
    failing(() => false)
    expect(await usersOf(copy)).toEqual({})
  })

  it('reads once more what it could not read', async () => {
    const { here, copy, failing, told } = await signedIn('store')
    let reads = 0
    failing((method) => method === 'get' && reads++ === 0)
    expect((await signOutBy(here)).status).toBe(200)
    expect([await usersOf(copy), told.length]).toEqual([{}, 2])
  })

  it('goes on to the next vendor', async () => {
    const { here, failing } = await signedIn('store', {}, 'https://acme.example/logout')
    await here.submit('/auth/logout', { return_url: '/bye' })
    await here.signIn()
    failing(() => true)
    expect((await here.open('/auth/logout/next')).headers.get('location')).toBe('/bye')
  })
})

describe.each(strategies)('a sign-out, with sessions in a %s,', (strategy) => {
  const answers: Readonly<Record<string, () => unknown>> = {
    'says no': () => false,
    throws: () => {
      throw new Error('canary')
    },
    hangs: () => new Promise(() => {}),
  }
  it.each(Object.keys(answers))('ends a session for good whose provider %s when asked about it', async (how) => {
    let isValidFor: () => unknown = () => true
    const provider: InstalledProvider = {
      name: 'acme',
      mount: (host) => ({ ...acme('acme').mount(host), isValidFor: () => isValidFor() as boolean }),
    }
    const app = createApp({ session: { strategy }, store: createFailingStore().store, providers: [provider] })
    const [here, there] = [app.browser(), app.browser()]
    await here.signIn()
    await there.signIn()
    const copy = here.copy()
    isValidFor = answers[how] ?? isValidFor
    expect((await signOutBy(here, everywhere)).status).toBe(200)
    isValidFor = () => true
    expect([here.names(), await usersOf(copy), await usersOf(there)]).toEqual([[], {}, {}])
  })

  const limits: Readonly<Record<string, RateLimit>> = {
    throws: () => {
      throw new Error('canary')
    },
    rejects: () => Promise.reject(new Error('canary')),
    hangs: () => new Promise(() => {}),
  }
  it.each(Object.keys(limits))('goes on where the app’s limit %s, and reports it', async (how) => {
    let rateLimit: RateLimit = () => true
    const { here, copy, events } = await signedIn(strategy, { rateLimit: (attempt) => rateLimit(attempt) })
    rateLimit = limits[how] ?? rateLimit
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const answered = signOutBy(here)
    await vi.advanceTimersByTimeAsync(1000)
    expect((await answered).status).toBe(200)
    expect([here.names(), await usersOf(copy)]).toEqual([[], {}])
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'rate_limit.failed', code: 'core/rate_limit_unavailable' }),
    )
    expect(JSON.stringify(events)).not.toContain('canary')
  })

  it('waits where the app’s limit says so', async () => {
    const rateLimit: RateLimit = ({ kind }) => kind !== 'logout'
    const { here } = await signedIn(strategy, { rateLimit })
    expect((await signOutBy(here)).status).toBe(429)
    expect(await usersOf(here)).toEqual({ acme: 'ada', beta: 'palm-1' })
  })

  const post = (cookie: string): Request =>
    new Request('https://app.example/auth/logout', {
      method: 'POST',
      headers: { cookie, 'sec-fetch-site': 'same-origin', ...json },
      body: everywhere,
    })
  const name = '__Host-latchkey'

  it.each([
    ['twice', (value: string) => [value, value]],
    ['beside one that is not ours', (value: string) => ['junk', value]],
    ['before one that is not ours', (value: string) => [value, '']],
  ])('ends a session whose cookie comes %s', async (_how, valuesOf) => {
    const { auth, copy, others, told } = await signedIn(strategy)
    const cookie = valuesOf(copy.value()).map((value) => `${name}=${value}`)
    const response = await auth.handle(post(cookie.join('; ')))
    expect(response.status).toBe(200)
    expect(response.headers.getSetCookie()).toEqual([expect.stringContaining(`${name}=; Max-Age=0`)])
    expect([await usersOf(copy), await others()]).toEqual([{}, {}])
    expect(told).toHaveLength(2)
  })

  it('ends both sessions where the cookies of two come', async () => {
    const app = createApp({ session: { strategy }, store: createFailingStore().store })
    const [ada, eve] = [app.browser(), app.browser()]
    await ada.signIn({ profile: { name: 'n'.repeat(3000) } })
    await eve.signIn({ subject: 'eve', profile: { name: 'n'.repeat(3000) } })
    await app.auth.handle(post(`${ada.header()}; ${eve.header()}`))
    expect([await usersOf(ada), await usersOf(eve)]).toEqual([{}, {}])
  })

  it('says so where more cookies of the name come than it looks at', async () => {
    const { auth, copy } = await signedIn(strategy)
    const others = Array.from({ length: 20 }, (_, index) => `${name}=junk${index}`)
    await expectIncomplete(await auth.handle(post([...others, `${name}=${copy.value()}`].join('; '))))
  })
})
