import { describe, expect, it } from 'vitest'
import { checkSessionRequirementEarly } from '../src/adapter.ts'
import type { AuthTimeSource, SessionRequirement } from '../src/index.ts'
import type { Assertion } from './acme-provider.ts'
import { createApp, refusalOf } from './app.ts'

const now = 1_800_000_000

/** What becomes of a request with this session under this requirement. */
async function outcome(requirement: unknown, assertion: Assertion = {}, init: RequestInit = {}): Promise<string> {
  const { auth, browser: open } = createApp({ trustedOrigins: ['https://admin.example'] })
  const browser = open()
  await browser.signIn(assertion)
  return refusalOf(auth.requireSession(browser.request('/api', init), requirement as SessionRequirement))
}

describe('a session that is required', () => {
  it('is handed over with the headers that its answer must carry', async () => {
    const { auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn({ profile: { name: 'Ada' } })
    const authenticated = await auth.requireSession(browser.request())
    expect(authenticated).toMatchObject({
      kind: 'session',
      session: { user: { provider: 'acme' }, identities: { acme: { subject: 'ada', profile: { name: 'Ada' } } } },
      headers: [
        ['cache-control', 'private, no-store'],
        ['vary', 'Cookie'],
      ],
    })
  })

  it('is refused to anyone without one', async () => {
    const { auth } = createApp()
    const request = new Request('https://app.example/api', {
      headers: { authorization: 'Bearer x', 'x-user-id': 'ada' },
    })
    expect(await refusalOf(auth.requireSession(request))).toBe('auth/session_required')
  })

  it('must rest on what the guard was made with, whatever the app does to its list since', async () => {
    const authTimeSources: AuthTimeSource[] = ['acr']
    const checked = checkSessionRequirementEarly({ authTimeSources })
    const signedIn: Assertion = { authenticatedAt: now, authTimeSource: 'requested' }
    authTimeSources.push('requested')
    expect(await outcome(checked, signedIn)).toBe('auth/step_up_required')
    expect(await outcome({ authTimeSources }, signedIn)).toBe('not refused')
  })

  it.each([
    [{ sesion: true }, 'sesion'],
    [{ maxAge: 5 }, 'maxAge'],
    [{ provider: undefined }, 'provider'],
    [{ maxAuthAgeSeconds: undefined }, 'maxAuthAgeSeconds'],
    [{ authTimeSources: undefined }, 'authTimeSources'],
    [{ tenant: undefined }, 'tenant'],
    [{ crossOrigin: undefined }, 'crossOrigin'],
    [{ provider: 'gamma' }, 'provider'],
    [{ provider: 'constructor' }, 'provider'],
    [{ provider: null }, 'provider'],
    [{ maxAuthAgeSeconds: Number.NaN }, 'maxAuthAgeSeconds'],
    [{ maxAuthAgeSeconds: Number.POSITIVE_INFINITY }, 'maxAuthAgeSeconds'],
    [{ maxAuthAgeSeconds: -1 }, 'maxAuthAgeSeconds'],
    [{ maxAuthAgeSeconds: '300' }, 'maxAuthAgeSeconds'],
    [{ authTimeSources: [] }, 'authTimeSources'],
    [{ authTimeSources: 'acr' }, 'authTimeSources'],
    [{ authTimeSources: ['password'] }, 'authTimeSources'],
    [{ tenant: '' }, 'tenant'],
    [{ tenant: null }, 'tenant'],
    [{ crossOrigin: true }, 'crossOrigin'],
    [null, 'options'],
    ['acme', 'options'],
    [['acme'], 'options'],
  ])('lets no one pass by a requirement that is a mistake: %j', async (requirement, option) => {
    const { auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn({ authenticatedAt: now, authTimeSource: 'acr', tenant: { id: 'tnt' } })
    const refused = auth.requireSession(browser.request(), requirement as unknown as SessionRequirement)
    await expect(refused).rejects.toMatchObject({ code: 'core/invalid_option', cause: { option } })
  })

  it('must hold an identity of the provider that is named', async () => {
    expect(await outcome({ provider: 'acme' })).toBe('not refused')
    expect(await outcome({ provider: 'beta' })).toBe('auth/step_up_required')
  })

  it.each([
    [{ tenant: { id: 'tnt-1' } }, 'not refused'],
    [{ tenant: { id: 'tnt-2' } }, 'auth/tenant_required'],
    [{ tenant: { id: 'tnt-10' } }, 'auth/tenant_required'],
    [{ tenant: { id: 'other', name: 'tnt-1' } }, 'auth/tenant_required'],
    [{}, 'auth/tenant_required'],
  ])('must be of the tenant that is named, by its id: %j', async (assertion, expected) => {
    expect(await outcome({ tenant: 'tnt-1' }, assertion)).toBe(expected)
  })

  it.each([
    [0, 'not refused'],
    [299, 'not refused'],
    [300, 'not refused'],
    [301, 'auth/step_up_required'],
    [-1, 'not refused'],
    [-10, 'not refused'],
    [-11, 'auth/step_up_required'],
    [-1e12, 'auth/step_up_required'],
  ])('must rest on a proof of the last 300 seconds: one %i seconds ago', async (age, expected) => {
    const assertion: Assertion = { authenticatedAt: now - age, authTimeSource: 'auth_time' }
    expect(await outcome({ maxAuthAgeSeconds: 300 }, assertion)).toBe(expected)
    expect(await outcome({ maxAuthAgeSeconds: 300, provider: 'acme' }, assertion)).toBe(expected)
  })

  it('is not fresh for being new: without a proof nothing is', async () => {
    expect(await outcome({ maxAuthAgeSeconds: 300 })).toBe('auth/step_up_required')
    expect(await outcome({ maxAuthAgeSeconds: 300 }, { authenticatedAt: now })).toBe('auth/step_up_required')
    expect(await outcome({ maxAuthAgeSeconds: 0 }, { authenticatedAt: now, authTimeSource: 'acr' })).toBe('not refused')
  })

  it.each([
    [['auth_time'], 'not refused'],
    [['acr', 'auth_time'], 'not refused'],
    [['acr'], 'auth/step_up_required'],
    [['requested'], 'auth/step_up_required'],
  ])('must rest on a source that is named: %j', async (authTimeSources, expected) => {
    expect(await outcome({ authTimeSources }, { authenticatedAt: now, authTimeSource: 'auth_time' })).toBe(expected)
  })

  it('must meet all that is named', async () => {
    const all = { provider: 'acme', maxAuthAgeSeconds: 60, authTimeSources: ['acr'], tenant: 't' }
    const good = { authenticatedAt: now - 60, authTimeSource: 'acr', tenant: { id: 't' } } as const
    expect(await outcome(all, good)).toBe('not refused')
    expect(await outcome(all, { ...good, authenticatedAt: now - 61 })).toBe('auth/step_up_required')
    expect(await outcome(all, { ...good, authTimeSource: 'requested' })).toBe('auth/step_up_required')
    expect(await outcome(all, { ...good, tenant: { id: 'u' } })).toBe('auth/tenant_required')
    expect(await outcome({ ...all, provider: 'beta' }, good)).toBe('auth/step_up_required')
  })

  it('measures the user that the session began with where no provider is named', async () => {
    const { auth, browser: open } = createApp({ onSignIn: ({ current }) => ({ action: current ? 'link' : 'new' }) })
    const browser = open()
    await browser.signIn()
    await browser.signIn({ authenticatedAt: now, authTimeSource: 'auth_time' }, 'beta')
    expect(await refusalOf(auth.requireSession(browser.request(), { maxAuthAgeSeconds: 60 }))).toBe(
      'auth/step_up_required',
    )
    expect(await refusalOf(auth.requireSession(browser.request(), { maxAuthAgeSeconds: 60, provider: 'beta' }))).toBe(
      'not refused',
    )
  })
})

describe('a request that may change state', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])('by %s must come from our own page', async (method) => {
    const by = (headers: Record<string, string>) => outcome({}, {}, { method, headers })
    expect(await by({ 'sec-fetch-site': 'same-origin' })).toBe('not refused')
    expect(await by({ origin: 'https://app.example' })).toBe('not refused')
    expect(await by({ 'sec-fetch-site': 'cross-site', origin: 'https://admin.example' })).toBe('not refused')
    expect(await by({})).toBe('core/cross_origin')
    expect(await by({ origin: 'null' })).toBe('core/cross_origin')
    expect(await by({ 'sec-fetch-site': 'same-site' })).toBe('core/cross_origin')
    expect(await by({ 'sec-fetch-site': 'cross-site', origin: 'https://app.example' })).toBe('core/cross_origin')
  })

  it('may come from other sites where the app says so', async () => {
    const init = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } }
    expect(await outcome({ crossOrigin: 'allow' }, {}, init)).toBe('not refused')
    expect(await outcome({ crossOrigin: 'refuse' }, {}, init)).toBe('core/cross_origin')
  })

  it.each(['GET', 'HEAD', 'OPTIONS'])('is not one by %s', async (method) => {
    expect(await outcome({}, {}, { method, headers: { 'sec-fetch-site': 'cross-site' } })).toBe('not refused')
  })
})

it('is not turned by what a polluted prototype says', async () => {
  const { auth, browser: open } = createApp()
  const browser = open()
  await browser.signIn()
  const prototype = Object.prototype as unknown as Record<string, unknown>
  const pollution = {
    crossOrigin: 'allow',
    provider: 'acme',
    beta: { subject: 'x', authenticatedAt: now, authTimeSource: 'acr' },
  }
  try {
    Object.assign(prototype, pollution)
    const post = browser.request('/api', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })
    expect(await refusalOf(auth.requireSession(post, {}))).toBe('core/cross_origin')
    expect(await refusalOf(auth.requireSession(browser.request(), { provider: 'beta' }))).toBe('auth/step_up_required')
  } finally {
    for (const name of Object.keys(pollution)) delete prototype[name]
  }
})
