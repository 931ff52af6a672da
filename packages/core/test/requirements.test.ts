import { describe, expect, it } from 'vitest'
import { type GuardQuestion, sessionQuestion } from '../src/asked-request.ts'
import type { Auth, BearerRequirement, SessionRequirement } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { type App, createApp } from './app.ts'
import { accessTokenOf, createBearerVendor, withBearer } from './bearer-vendor.ts'

const now = 1_800_000_000

/** An app, and a way in for someone who has everything that could be asked for. */
async function createGuards(): Promise<{ app: App; guards: Record<Guard, (requirement: object) => Promise<unknown>> }> {
  const app = createApp({ providers: [createBearerVendor('acme').provider] })
  const browser = app.browser()
  await browser.signIn({ authenticatedAt: now, authTimeSource: 'auth_time', tenant: { id: 'tnt' } })
  const token = accessTokenOf('acme', { tenant: 'tnt', scopes: ['read'] })
  const { auth } = app
  return {
    app,
    guards: {
      requireSession: async (requirement) => auth.requireSession(browser.request(), requirement),
      requireBearer: async (requirement) => auth.requireBearer(withBearer(token), requirement),
      'requireSessionOrBearer with a session': async (session) =>
        auth.requireSessionOrBearer(browser.request(), { session, bearer: {} }),
      'requireSessionOrBearer with a token': async (bearer) =>
        auth.requireSessionOrBearer(withBearer(token), { session: {}, bearer }),
    },
  }
}

type Guard = (typeof guardNames)[number]

const guardNames = [
  'requireSession',
  'requireBearer',
  'requireSessionOrBearer with a session',
  'requireSessionOrBearer with a token',
] as const

const members: Readonly<Record<Guard, readonly string[]>> = {
  requireSession: membersOf<SessionRequirement>({
    provider: true,
    maxAuthAgeSeconds: true,
    authTimeSources: true,
    tenant: true,
    where: true,
    crossOrigin: true,
  }),
  requireBearer: membersOf<BearerRequirement>({ provider: true, kind: true, scopes: true, tenant: true, where: true }),
  get 'requireSessionOrBearer with a session'() {
    return this.requireSession
  },
  get 'requireSessionOrBearer with a token'() {
    return this.requireBearer
  },
}

/** The names of all members: the compiler finds the one that is missing. */
function membersOf<Requirement>(all: { readonly [Name in keyof Requirement]-?: true }): readonly string[] {
  return Object.keys(all)
}

const good: Readonly<Record<string, unknown>> = {
  provider: 'acme',
  maxAuthAgeSeconds: 60,
  authTimeSources: ['auth_time'],
  tenant: 'tnt',
  where: () => true,
  crossOrigin: 'refuse',
  kind: 'user',
  scopes: ['read'],
}

describe.each(guardNames)('%s', (name) => {
  it.each(members[name])('refuses a requirement whose `%s` is undefined, and lets no one in by it', async (member) => {
    const { guards } = await createGuards()
    await expect(guards[name]({ [member]: good[member] })).resolves.toBeDefined()
    const all = Object.fromEntries(members[name].map((each) => [each, good[each]]))
    for (const requirement of [{ [member]: undefined }, { ...all, [member]: undefined }]) {
      await expect(guards[name](requirement)).rejects.toMatchObject({
        code: 'core/invalid_option',
        status: 500,
        cause: { option: member },
      })
    }
  })

  it.each(members[name])('refuses a requirement whose `%s` is null', async (member) => {
    const { guards } = await createGuards()
    await expect(guards[name]({ [member]: null })).rejects.toMatchObject({ code: 'core/invalid_option' })
  })

  const notTrue: readonly (readonly [string, () => unknown])[] = [
    ['1', () => 1],
    ['a text', () => 'x'],
    ['an object', () => ({})],
    ['a Boolean object', () => Object(true)],
    ['false', () => false],
    ['nothing', () => undefined],
    ['null', () => null],
    ['a promise of false', () => Promise.resolve(false)],
    ['a promise of true', () => Promise.resolve(true)],
    ['a promise that is rejected', () => Promise.reject(new Error('canary'))],
    ['something like a promise', () => ({ then: (done: (value: boolean) => void) => done(true) })],
  ]
  it.each(notTrue)('lets no one in where `where` answers %s', async (what, where) => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    const { app, guards } = await createGuards()
    await expect(guards[name]({ where })).rejects.toMatchObject({ code: 'auth/forbidden', status: 403 })
    const refused = app.events.at(-1)
    expect(refused).toMatchObject({ type: 'request.refused', code: 'auth/forbidden' })
    expect(JSON.stringify(refused).includes('promise')).toBe(what.includes('promise'))
    await new Promise((resolve) => void setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('lets no one in where `where` throws', async () => {
    const { app, guards } = await createGuards()
    const where = (): boolean => {
      throw new Error('canary')
    }
    const error: unknown = await guards[name]({ where }).catch((thrown: unknown) => thrown)
    const response = app.auth.errorResponse(error, new Request('https://app.example/'))
    const text = await response.text()
    expect([response.status, JSON.parse(text)]).toMatchObject([500, { code: 'core/internal_error' }])
    expect(text + JSON.stringify(app.events)).not.toContain('canary')
  })

  it('lets in where `where` answers true', async () => {
    const { guards } = await createGuards()
    await expect(guards[name]({ where: () => true })).resolves.toBeDefined()
  })

  it('asks `where` last: when everything else holds, and once', async () => {
    const { guards } = await createGuards()
    let asked = 0
    const where = (): boolean => ++asked > 0
    const bad: Readonly<Record<string, readonly unknown[]>> = {
      maxAuthAgeSeconds: [],
      authTimeSources: [['acr']],
      tenant: ['other'],
      kind: ['machine'],
      scopes: [['admin']],
    }
    for (const member of members[name]) {
      for (const value of bad[member] ?? []) {
        await expect(guards[name]({ where, [member]: value })).rejects.toMatchObject({ status: 403 })
      }
    }
    expect(asked).toBe(0)
    await guards[name](Object.fromEntries(members[name].map((member) => [member, { ...good, where }[member]])))
    expect(asked).toBe(1)
  })

  it('hands `where` the session, or the token', async () => {
    const { guards } = await createGuards()
    const seen: unknown[] = []
    const where = (given: unknown): boolean => seen.push(given) > 0
    await guards[name]({ where })
    const isSession = members[name].includes('crossOrigin')
    expect(seen).toMatchObject([isSession ? { user: { subject: 'ada' } } : { kind: 'user', subject: 'ada' }])
  })
})

it('asks `where` with no session at all never', async () => {
  const { app } = await createGuards()
  let asked = 0
  const where = (): boolean => ++asked > 0
  await expect(app.auth.requireSession(new Request('https://app.example/'), { where })).rejects.toMatchObject({
    code: 'auth/session_required',
  })
  await expect(app.auth.requireBearer(new Request('https://app.example/'), { where })).rejects.toMatchObject({
    code: 'auth/bearer_required',
  })
  expect(asked).toBe(0)
})

describe('a guard of a provider that is not installed', () => {
  it.each<[string, (auth: Auth, requirement: SessionRequirement) => GuardQuestion['ask']]>([
    ['on an adapter', (_auth, requirement) => sessionQuestion(requirement, {}).ask],
    ['by itself', (auth, requirement) => (_, request) => auth.requireSession(request, requirement)],
  ])('lets nobody pass: %s', async (_where, guard) => {
    const app = createApp({ providers: [acme('acme')] })
    const browser = app.browser()
    await browser.signIn()
    const ask = guard(app.auth, { provider: 'beta' })
    const passing = ask(app.auth, browser.request(), { readOnly: false })
    await expect(passing).rejects.toMatchObject({ code: 'core/invalid_option', cause: { option: 'provider' } })
  })
})
