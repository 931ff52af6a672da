import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AuthOptions, BearerRequirement, BearerToken, InstalledProvider } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { type App, createApp, refusalOf } from './app.ts'
import { accessTokenOf, createBearerVendor, withBearer } from './bearer-vendor.ts'

const token = (claims: Partial<BearerToken> = {}) => accessTokenOf('acme', { claims: { iat: 0 }, ...claims })
const ada = { provider: 'acme', issuer: 'https://acme.example', subject: 'ada' } as const

/** What the vendor remembers, by the digest that it was told. */
let known: Map<string, BearerToken>
let verified: readonly string[]
beforeEach(() => {
  known = new Map()
})

/** A vendor that recalls every good token, whatever has happened since. */
function recallingVendor(): InstalledProvider {
  const vendor = createBearerVendor('acme', (presented, { tenant }) =>
    presented.kind === 'bearer' ? tenant === null || presented.bearer.tenant === tenant : true,
  )
  verified = vendor.verified
  return {
    ...vendor.provider,
    mount(host) {
      const mounted = vendor.provider.mount(host)
      const { issuers = [], verify } = mounted.bearer ?? {}
      return {
        ...mounted,
        bearer: {
          issuers,
          recall: (digest) => known.get(digest) ?? null,
          async verify(presented, read) {
            const bearer = Object.freeze((await verify?.(presented, read)) as BearerToken)
            known.set(read.digest, bearer)
            return bearer
          },
        },
      }
    },
  }
}

function appOf(options: Partial<AuthOptions> = {}): App {
  return createApp({ providers: [recallingVendor(), createBearerVendor('acmetwo').provider, acme('beta')], ...options })
}

const ask = (app: App, presented: string, requirement?: BearerRequirement, headers?: Record<string, string>) =>
  refusalOf(app.auth.requireBearer(withBearer(presented, headers), requirement))

describe('an access token that its provider recalls', () => {
  it('is known by the SHA-256 of the whole of it, and not verified again', async () => {
    const app = appOf()
    const presented = token()
    expect([await ask(app, presented), await ask(app, presented)]).toEqual(['not refused', 'not refused'])
    expect(verified).toEqual([presented])
    expect([...known.keys()]).toEqual([createHash('sha256').update(presented).digest('base64url')])
    expect(await ask(app, `${presented}A`)).toBe('not refused')
    expect(verified).toHaveLength(2)
  })

  it('is answered in the turn after it was asked, where nobody was revoked', async () => {
    const app = appOf()
    const presented = token()
    await ask(app, presented)
    let isAnswered = false
    void app.auth.requireBearer(withBearer(presented)).then(() => {
      isAnswered = true
    })
    await Promise.resolve()
    expect([isAnswered, verified.length]).toEqual([true, 1])
  })

  it('must meet the requirement of each request', async () => {
    const app = appOf()
    const presented = token({ scopes: ['read'], tenant: 'one' })
    expect(await ask(app, presented)).toBe('not refused')
    expect(await ask(app, presented, { scopes: ['write'] })).toBe('auth/scope_required')
    expect(await ask(app, presented, { kind: 'machine' })).toBe('auth/bearer_refused')
    expect(await ask(app, presented, { tenant: 'two' })).toBe('auth/tenant_required')
    expect(await ask(app, presented, { where: () => false })).toBe('auth/forbidden')
    expect(await ask(app, presented, { provider: 'acmetwo' })).toBe('auth/bearer_invalid')
    expect(verified).toHaveLength(1)
  })

  it.each([1, 2])('is refused once its user was revoked, asked %i times before', async (times) => {
    const app = appOf()
    const presented = token()
    for (let time = 0; time < times; time += 1) expect(await ask(app, presented)).toBe('not refused')
    await app.auth.revokeSessions(ada)
    expect([await ask(app, presented), verified.length]).toEqual(['auth/bearer_revoked', 1])
  })

  it('is revoked by the marks of each auth that its provider is mounted in', async () => {
    const provider = recallingVendor()
    const [here, there] = [
      createApp({ providers: [provider] }),
      createApp({ providers: [provider], secret: 'b'.repeat(40) }),
    ]
    const presented = token()
    for (const app of [here, there, here, there]) expect(await ask(app, presented)).toBe('not refused')
    await there.auth.revokeSessions(ada)
    expect([await ask(here, presented), await ask(there, presented)]).toEqual(['not refused', 'auth/bearer_revoked'])
  })

  it('must be valid for the host of each request', async () => {
    const app = appOf({ baseUrl: ['https://app.example', 'https://{tenant}.app.example'] })
    const presented = token({ tenant: 'one' })
    expect(await ask(app, presented, {}, { host: 'one.app.example' })).toBe('not refused')
    expect(await ask(app, presented, {}, { host: 'two.app.example' })).toBe('auth/tenant_required')
    expect(await ask(app, presented, {}, { host: 'evil.example' })).toBe('core/unknown_host')
  })

  it('is one more attempt for the limit', async () => {
    let attempts = 0
    const app = appOf({ rateLimit: () => ++attempts < 3 })
    const presented = token()
    expect([await ask(app, presented), await ask(app, presented), await ask(app, presented)]).toEqual([
      'not refused',
      'not refused',
      'core/rate_limited',
    ])
  })
})
