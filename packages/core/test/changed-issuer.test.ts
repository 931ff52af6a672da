import { describe, expect, it } from 'vitest'
import { type AuthOptions, createMemoryStore, type InstalledProvider, type OnSignIn } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { type App, codeOf, createApp, exampleSecret, refusalOf, usersOf } from './app.ts'
import type { Browser } from './browser.ts'
import { at, keptRecord, strategies } from './strategies.ts'

const link: OnSignIn = ({ current }) => ({ action: current === null ? 'new' : 'link' })

/** What a vendor was handed of old sessions. */
interface Vendor {
  readonly provider: InstalledProvider
  readonly handed: unknown[]
}

/** A vendor that would take any refresh token, for accounts of one issuer. */
function createVendor(name: 'acme' | 'beta', issuer: string): Vendor {
  const handed: unknown[] = []
  const provider: InstalledProvider = {
    name,
    mount: (host) => ({
      ...acme(name).mount(host),
      accountIssuers: [issuer],
      async refresh(tokens) {
        handed.push(tokens)
        return { kind: 'refreshed', tokens: { ...tokens, refreshAt: host.clock() + 600 } }
      },
      async signOut(tokens) {
        handed.push(tokens)
        return {}
      },
    }),
  }
  return { provider, handed }
}

function tokensAt(now: number) {
  return { accessToken: 'old-access', refreshToken: `old-refresh-${now}`, expiresAt: now + 600, refreshAt: now + 300 }
}

/** The same app before and after the edit that points both providers, or beta alone, to another issuer. */
async function edited(
  strategy: (typeof strategies)[number],
  changed: readonly string[],
): Promise<{ before: App; after: App; browser: Browser; moved: Browser; vendors: readonly [Vendor, Vendor] }> {
  const shared: Partial<AuthOptions> = {
    session: { strategy },
    secret: exampleSecret(),
    store: createMemoryStore(),
    onSignIn: link,
  }
  const old = ['acme', 'beta'] as const
  const providers = old.map((name) => createVendor(name, `https://${name}.example`).provider)
  const before = createApp({ ...shared, providers })
  const browser = before.browser()
  await browser.signIn({ tokens: tokensAt(before.clock.now) })
  await browser.signIn({ subject: 'face', tokens: tokensAt(before.clock.now + 1) }, 'beta')
  const issuerOf = (name: string): string =>
    changed.includes(name) ? 'https://new.example' : `https://${name}.example`
  const vendors = [createVendor('acme', issuerOf('acme')), createVendor('beta', issuerOf('beta'))] as const
  const after = createApp({ ...shared, providers: vendors.map(({ provider }) => provider) })
  after.clock.now += 400
  return { before, after, browser, moved: at(after, browser), vendors }
}

describe.each(strategies)('a provider that has another issuer now, with sessions in a %s', (strategy) => {
  it('has no session of the user who signed in before, and is handed no token of then', async () => {
    const { after, moved, vendors } = await edited(strategy, ['acme', 'beta'])
    for (const readOnly of [true, false]) {
      expect((await after.auth.getSession(moved.request(), { readOnly })).session).toBeNull()
      const asked = after.auth.getAccessToken(moved.request(), 'acme', { readOnly })
      expect(await refusalOf(asked)).toBe('auth/session_required')
    }
    expect(await refusalOf(after.auth.requireSession(moved.request()))).toBe('auth/session_required')
    expect(await refusalOf(after.auth.updateSession(moved.request(), { theme: 'dark' }))).toBe('auth/session_required')
    expect(await (await moved.fetch('/auth/acme/context')).json()).toMatchObject({ session: null, tokens: null })
    await moved.submit('/auth/logout')
    expect(vendors.map(({ handed }) => handed)).toEqual([[], []])
  })

  it('has no identity in a session of others, which goes on, and is handed no token of then', async () => {
    const { before, after, moved, vendors } = await edited(strategy, ['beta'])
    const { session, headers } = await after.auth.requireSession(moved.request())
    moved.keep(headers)
    expect(Object.keys(session.identities)).toEqual(['acme'])
    expect(await refusalOf(after.auth.requireSession(moved.request(), { provider: 'beta' }))).toBe(
      'auth/step_up_required',
    )
    expect(await refusalOf(after.auth.getAccessToken(moved.request(), 'beta'))).toBe('auth/tokens_missing')
    expect(await (await moved.fetch('/auth/beta/context')).json()).toMatchObject({ tokens: null })
    moved.keep((await after.auth.updateSession(moved.request(), { theme: 'dark' })).headers)
    expect(JSON.stringify(await keptRecord(after, moved))).not.toMatch(/face|beta/)
    expect(await usersOf(at(before, moved))).toEqual({ acme: 'ada' })
    await moved.submit('/auth/logout')
    // One refresh and one sign-out of acme, whose issuer is what it was.
    expect(vendors.map(({ handed }) => handed.length)).toEqual([2, 0])
  })

  it('is handed none at a sign-out either, though the session was not written since', async () => {
    const { moved, vendors } = await edited(strategy, ['beta'])
    await moved.submit('/auth/logout')
    expect(vendors.map(({ handed }) => handed.length)).toEqual([1, 0])
  })

  it('keeps the session of those whose issuer is still one of its own', async () => {
    const { after, moved } = await edited(strategy, [])
    expect(await usersOf(moved)).toEqual({ acme: 'ada', beta: 'face' })
    expect((await after.auth.getAccessToken(moved.request(), 'beta')).accessToken).toBe('old-access')
  })
})

it('signs no one in under an issuer that is none of its own', async () => {
  const browser = createApp({ providers: [createVendor('acme', 'https://new.example').provider] }).browser()
  const response = await browser.signIn({ issuer: 'https://acme.example' })
  expect([response.status, await codeOf(response)]).toEqual([500, 'core/internal_error'])
  expect(browser.names()).toEqual([])
})
