import { busyAnswers, noAnswer, type OddAnswer, oddAnswers } from '@latchkey/tool-test-support'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, type AppOptions, createApp, locationOf, pathOf, signIn } from './app.ts'
import { now, startVendor, type Vendor } from './vendor.ts'

let vendor: Vendor
/** The answer of one endpoint while it is odd; null where all is well. */
let odd: { readonly endpoint: string; readonly answer: OddAnswer } | null = null

beforeAll(async () => {
  vendor = await startVendor()
})
afterAll(() => vendor.close())
beforeEach(() => {
  odd = null
})

/** An app whose vendor answers oddly, while it does; it is reached over its socket all the same. */
function openApp({ client, ...options }: AppOptions = {}): { readonly app: App; readonly browser: Browser } {
  vendor.reset()
  vendor.behaviour.validDomains = ['login.acme.example']
  const fetchOddly: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (odd === null || !new URL(String(input)).pathname.endsWith(`/${odd.endpoint}`)) return response
    return odd.answer(await response.text())
  }
  const app = createApp(vendor, { ...options, client: { fetch: fetchOddly, ...client } })
  return { app, browser: app.browser() }
}

type Browser = ReturnType<App['browser']>

async function read({ auth }: App, { cookies }: Browser) {
  const request = new Request('https://invo.example/', { headers: { cookie: cookies.header() } })
  const { session, headers } = await auth.getSession(request)
  cookies.keep(headers.filter(([name]) => name === 'set-cookie').map(([, line]) => line))
  return session?.identities.wristband
}

const members: Readonly<Record<string, readonly string[]>> = {
  token: ['access_token', 'id_token', 'refresh_token', 'expires_in', 'token_type', 'scope'],
  userinfo: ['sub', 'tnt_id', 'name', 'email', 'email_verified', 'picture', 'roles', 'app_id'],
  jwks: ['keys'],
  'sdk-configuration': [
    'isApplicationCustomDomainActive',
    'loginUrl',
    'redirectUri',
    'customApplicationLoginPageUrl',
    'applicationAuthorizationRequestsEnabled',
  ],
  validate: ['valid'],
}

const login = (endpoint: string): string =>
  endpoint === 'validate'
    ? '/auth/wristband/login?tenant_custom_domain=login.acme.example'
    : '/auth/wristband/login?tenant_name=acme'

const optionsFor = (endpoint: string): AppOptions => ({
  client: {
    autoConfigure: endpoint === 'sdk-configuration',
    ...(endpoint === 'validate' && { resolveTenantId: undefined }),
  },
})

/** Signs in, or is refused at the login route already. */
async function tryToSignIn(browser: Browser, endpoint: string) {
  const begun = await browser.open(login(endpoint))
  if (begun.status !== 303) return begun
  return browser.open(pathOf(vendor.authorize(locationOf(begun), { tenant: 'acme' })))
}

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string'

/** Whether an identity is that of the user, and nothing in it is of another type. */
function expectAda(identity: Awaited<ReturnType<typeof read>>): void {
  expect(identity).toMatchObject({ issuer: vendor.origin, subject: 'user-1', tenant: { id: 'id-of-acme' } })
  const { name, email, picture, emailVerified, roles, tenantCustomDomain, ...others } = identity?.profile ?? {}
  expect([name, email, picture].every(isText)).toBe(true)
  expect([undefined, true, false]).toContain(emailVerified)
  expect([roles ?? [], others]).toEqual([[], {}])
  expect([undefined, 'login.acme.example']).toContain(tenantCustomDomain)
}

const refusal = /^(?:core|oidc|wristband)\/(?!internal_error)[a-z_]+$/

describe('an odd answer at a sign-in', () => {
  it.each(Object.entries(members))('of %s signs the user in, or is refused with a code', async (endpoint, names) => {
    for (const [title, answer] of oddAnswers(names)) {
      const { app, browser } = openApp(optionsFor(endpoint))
      odd = { endpoint, answer }
      const { status } = await tryToSignIn(browser, endpoint)
      const refused = app.events.flatMap((event) => (event.type === 'sign_in.refused' ? [event.code] : []))
      if (status === 303) {
        expect(refused, title).toEqual([])
        expectAda(await read(app, browser))
      } else {
        expect(refused, title).toEqual([expect.stringMatching(refusal)])
        // 500 is for what has no room in the cookies alone.
        const statuses = refused[0] === 'core/session_too_large' ? [500] : [401, 403, 502, 503]
        expect(statuses, `${title}: ${refused[0]}`).toContain(status)
        expect(await read(app, browser), title).toBeUndefined()
      }
    }
  })

  it.each(Object.keys(members))('of %s that asks to wait is passed on', async (endpoint) => {
    for (const [title, answer] of busyAnswers) {
      const { browser } = openApp(optionsFor(endpoint))
      odd = { endpoint, answer }
      const response = await tryToSignIn(browser, endpoint)
      expect([response.status, response.headers.get('retry-after')], title).toEqual([503, '17'])
    }
  })

  it.each(Object.keys(members))('of %s that never comes is reported with the reason', async (endpoint) => {
    const { app, browser } = openApp(optionsFor(endpoint))
    odd = { endpoint, answer: noAnswer }
    expect((await tryToSignIn(browser, endpoint)).status).toBeGreaterThanOrEqual(502)
    expect(app.events.at(-1)).toMatchObject({ type: 'sign_in.refused', reason: 'refused' })
  })
})

it('a revocation that never comes is reported with the reason', async () => {
  const { app, browser } = openApp(optionsFor('token'))
  await tryToSignIn(browser, 'token')
  odd = { endpoint: 'revoke', answer: noAnswer }
  await browser.submit('/auth/logout')
  expect(app.events).toContainEqual(
    expect.objectContaining({
      type: 'provider.sign_out_failed',
      code: 'core/vendor_unreachable',
      reason: 'refused',
    }),
  )
})

describe('an odd answer at a refresh', () => {
  async function refreshOddly(endpoint: string, answer: OddAnswer) {
    const { app, browser } = openApp({ auth: { session: { strategy: 'cookie', idleSeconds: 7200 } } })
    await signIn(vendor, browser)
    odd = { endpoint, answer }
    vendor.time = now + 1800
    const during = await read(app, browser)
    odd = null
    vendor.time = now + 1900
    return { app, during, after: await read(app, browser) }
  }

  it.each(['userinfo', 'jwks'])('of %s costs nobody the sign-in, unless it names another', async (endpoint) => {
    for (const [title, answer] of [...oddAnswers(members[endpoint] ?? []), ...busyAnswers]) {
      const { app, during, after } = await refreshOddly(endpoint, answer)
      if (/^(?:sub: (?:a number as text|20 kB|text)|tnt_id: (?!null|absent))/.test(title)) {
        expect([during, after], title).toEqual([undefined, undefined])
        expect(app.events.at(-1), title).toMatchObject({
          type: 'session.ended',
          reason: expect.stringMatching(/^(?:subject_mismatch|tenant_changed)$/),
        })
      } else {
        expectAda(during)
        expectAda(after)
      }
    }
  })

  it('of the token endpoint is refused with a code, and never another’s', async () => {
    for (const [title, answer] of oddAnswers(members['token'] ?? []).filter(([name]) => !name.includes('20 kB'))) {
      const { app, during, after } = await refreshOddly('token', answer)
      for (const identity of [during, after]) if (identity !== undefined) expectAda(identity)
      const codes = app.events.flatMap((event) => ('code' in event && event.code !== undefined ? [event.code] : []))
      for (const code of codes) expect(code, title).toMatch(refusal)
      if (during === undefined) expect(title).toMatch(/^id_token: /)
    }
  })

  it.each(['expires_in', 'scope'])('of the token endpoint in %s alone costs nobody anything', async (member) => {
    for (const [, answer] of oddAnswers([member]).filter(([title]) => title.startsWith(member))) {
      const { app, after } = await refreshOddly('token', answer)
      expectAda(after)
      expect(app.events.map(({ type }) => type)).not.toContain('provider.refresh_failed')
    }
  })
})

describe('a large profile', () => {
  const roles = (count: number) =>
    Array.from({ length: count }, (_, id) => ({ id: `role-${id}`, name: `app:invo:${id}` }))

  it.each([
    ['100 roles', { roles: roles(100) }],
    ['a name of 5 kB', { name: 'x'.repeat(5000) }],
    ['a name of 20 kB', { name: 'x'.repeat(20_000) }],
  ])('of %s signs in or is refused with a code, and at a refresh costs nobody the sign-in', async (_title, changes) => {
    const signedIn = openApp()
    await signIn(vendor, signedIn.browser)
    vendor.behaviour.userinfo = (claims) => ({ ...claims, ...changes })
    for (const seconds of [1800, 3600]) {
      vendor.time = now + seconds
      expect(await read(signedIn.app, signedIn.browser)).toMatchObject({ subject: 'user-1' })
    }
    const { app, browser } = openApp()
    vendor.behaviour.userinfo = (claims) => ({ ...claims, ...changes })
    if ((await signIn(vendor, browser)).status === 303) {
      expect((await read(app, browser))?.profile).toMatchObject(changes)
    } else {
      expect(app.events.at(-1)).toMatchObject({ type: 'sign_in.refused', code: 'core/session_too_large' })
    }
  })
})
