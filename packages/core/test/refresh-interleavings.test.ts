import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Auth, InstalledProvider } from '../src/index.ts'
import type { RefreshResult, Tokens } from '../src/provider.ts'
import { acme } from './acme-provider.ts'
import { type App, createApp, exampleSecret } from './app.ts'
import type { Browser } from './browser.ts'

type Outcome = RefreshResult['kind']

/** One turn of the world: time passes, requests come at once, and the vendor answers like this. */
interface Turn {
  readonly outcome: Outcome
  /** Whether the tokens have expired by then, and not only become due. */
  readonly expired: boolean
  /** How many requests come, each from a copy of the cookie. */
  readonly requests: number
}

const lifetimeSeconds = 1800
const marginSeconds = 60
const turns = fc.array(
  fc.record({
    outcome: fc.constantFrom<Outcome>('refreshed', 'refreshed', 'failed', 'ended'),
    expired: fc.boolean(),
    requests: fc.integer({ min: 1, max: 6 }),
  }),
  { minLength: 1, maxLength: 4 },
)

describe('refresh, in every order in which things can happen', () => {
  it('calls the vendor once for each refresh token, and gives all who wait the same', async () => {
    await fc.assert(oneCallPerRefreshToken('one for all'))
  })

  it('would be found out if each request worked for itself', async () => {
    await expect(fc.check(oneCallPerRefreshToken('one for each request'))).resolves.toMatchObject({ failed: true })
  })

  it('serves requests that come late with the old cookie, in any order, without another call', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 1, maxLength: 5 }),
        async (scheduler, delays) => {
          const vendor = createVendor(scheduler, () => app.clock.now)
          const app: App = createApp({ providers: [vendor.provider] })
          const browser = app.browser()
          await browser.signIn({ tokens: tokensAt(app.clock.now, vendor.first) })
          app.clock.now += lifetimeSeconds
          const late = browser.copy()
          await ask(() => app.auth, browser, { scheduler, requests: 1 })
          let passed = 0
          for (const delay of delays) {
            if (passed + delay >= 30) break
            passed += delay
            app.clock.now += delay
            const [answer] = await ask(() => app.auth, late.copy(), { scheduler, requests: 1 })
            expect(answer).toBe(`access-${vendor.generation}`)
          }
          expect(vendor.tokens).toEqual([`refresh-${vendor.first}`])
        },
      ),
    )
  })
})

/** Auths of one secret: what one of them does, another does not know of. */
type Auths = 'one for all' | 'one for each request'

function oneCallPerRefreshToken(auths: Auths): fc.IAsyncPropertyWithHooks<[fc.Scheduler, Turn[]]> {
  return fc.asyncProperty(fc.scheduler(), turns, async (scheduler, plan) => {
    const vendor = createVendor(scheduler, () => app.clock.now)
    const options = { providers: [vendor.provider], secret: exampleSecret() }
    const app: App = createApp(options)
    const clock = (): number => app.clock.now
    const authFor = auths === 'one for all' ? () => app.auth : () => createApp({ ...options, clock }).auth
    const browser = app.browser()
    await browser.signIn({ tokens: tokensAt(app.clock.now, vendor.first) })

    for (const turn of plan) {
      app.clock.now += turn.expired ? lifetimeSeconds : lifetimeSeconds - marginSeconds
      vendor.next = turn.outcome
      const before = vendor.tokens.length
      const answers = await ask(authFor, browser, { scheduler, requests: turn.requests })

      expect(vendor.tokens.length - before).toBe(1)
      requireAgreement(answers, turn)
      if (turn.outcome === 'ended') break
      // A failed refresh is tried again after its pause.
      if (turn.outcome === 'failed') {
        expect(await ask(authFor, browser, { scheduler, requests: 2 })).toEqual(
          repeat(turn.expired ? 'auth/tokens_unavailable' : (answers[0] ?? ''), 2),
        )
        expect(vendor.tokens.length - before).toBe(1)
        app.clock.now += 60
        vendor.next = 'refreshed'
        await ask(authFor, browser, { scheduler, requests: 1 })
        expect(vendor.tokens.length - before).toBe(2)
      }
      const [fresh] = await ask(authFor, browser, { scheduler, requests: 1 })
      expect(fresh).toBe(`access-${vendor.generation}`)
    }
    // Only a failure leaves a refresh token as it was; none is ever shown after it was exchanged.
    expect(vendor.reused).toBe(0)
  })
}

/** All who waited got the same, and those whose token was still good did not need to wait. */
function requireAgreement(answers: readonly string[], { outcome, expired }: Turn): void {
  const different = new Set(answers)
  const [one, other] = [...different].toSorted()
  if (expired || outcome === 'failed') expect(different.size).toBe(1)
  if (outcome === 'failed') expect(one).toMatch(expired ? /^auth\/tokens_unavailable$/ : /^access-/)
  if (outcome === 'refreshed' && expired) expect(one).toMatch(/^access-/)
  if (outcome === 'ended' && expired) expect(one).toBe('auth/session_required')
  if (!expired) {
    // The one who refreshes sees how it went; the others got the token that is still good, or what came after it.
    expect(different.size).toBeLessThanOrEqual(2)
    if (other !== undefined && outcome === 'ended') expect(other).toBe('auth/session_required')
  }
}

function tokensAt(now: number, generation: number): Tokens {
  return {
    accessToken: `access-${generation}`,
    refreshToken: `refresh-${generation}`,
    expiresAt: now + lifetimeSeconds,
    refreshAt: now + lifetimeSeconds - marginSeconds,
  }
}

interface Vendor {
  readonly provider: InstalledProvider
  /** How it answers from now on. */
  next: Outcome
  generation: number
  /** The refresh tokens that it was shown. */
  readonly tokens: string[]
  /** How many of them had been exchanged before. */
  reused: number
  /** The number of the tokens that a sign-in brings: no other run of a property has them. */
  readonly first: number
}

let lastNumber = 0

/** A vendor whose answers arrive when the scheduler says. */
function createVendor(scheduler: fc.Scheduler, now: () => number): Vendor {
  lastNumber += 1
  const exchanged = new Set<string>()
  const refresh = async (tokens: Tokens): Promise<RefreshResult> => {
    const { refreshToken = '' } = tokens
    if (exchanged.has(refreshToken)) vendor.reused += 1
    vendor.tokens.push(refreshToken)
    const outcome = vendor.next
    await scheduler.schedule(Promise.resolve(), 'the vendor answers')
    if (outcome === 'failed') return { kind: 'failed', code: 'acme/unavailable' }
    if (outcome === 'ended') return { kind: 'ended', reason: 'invalid_grant' }
    exchanged.add(refreshToken)
    vendor.generation = ++lastNumber
    return { kind: 'refreshed', tokens: tokensAt(now(), vendor.generation) }
  }
  const base = acme('acme')
  const vendor: Vendor = {
    provider: { ...base, mount: (host) => ({ ...base.mount(host), refresh }) },
    next: 'refreshed',
    generation: lastNumber,
    tokens: [],
    reused: 0,
    first: lastNumber,
  }
  return vendor
}

/** Sends requests that hold the same cookie, each when the scheduler says; the browser keeps what the last answer set. */
async function ask(
  authFor: () => Auth,
  browser: Browser,
  { scheduler, requests }: { readonly scheduler: fc.Scheduler; readonly requests: number },
): Promise<readonly string[]> {
  const copies = Array.from({ length: requests }, () => browser.copy())
  const headers: (readonly (readonly [string, string])[])[] = []
  const answers = copies.map(async (copy, index) => {
    await scheduler.schedule(Promise.resolve(), `request ${index}`)
    try {
      const reading = await authFor().getAccessToken(copy.request(), 'acme')
      headers.push(reading.headers)
      return reading.accessToken
    } catch (error) {
      return (error as { code: string }).code
    }
  })
  const results = await scheduler.waitFor(Promise.all(answers))
  for (const list of headers) browser.keep(list)
  return results
}

function repeat(text: string, times: number): readonly string[] {
  return Array.from({ length: times }, () => text)
}
