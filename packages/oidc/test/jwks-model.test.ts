import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { createJwks, type Jwks, type KeyTrust } from '../src/verify/index.ts'
import { createSigningKey, type SigningKey } from './signing-key.ts'

const maximumAgeSeconds = 600
const staleIfErrorSeconds = 3600
const keyCount = 3

/** What is true of the provider, and what was seen of the cache. */
interface Model {
  readonly startedAt: number
  now: number
  published: ReadonlySet<number>
  /** When each key that is not published any more was taken away. */
  readonly removedAt: Map<number, number>
  isUp: boolean
  hasEverFailed: boolean
  /** When a trusted lookup may have cost a fetch. */
  readonly trustedMisses: number[]
}

interface Real {
  readonly jwks: Jwks
  fetches: number
}

type Command = fc.AsyncCommand<Model, Real>

let keys: readonly SigningKey[]

beforeAll(async () => {
  keys = await Promise.all(Array.from({ length: keyCount }, (_, index) => createSigningKey(`key-${index}`, 'ES256')))
})

const rotate = (published: readonly number[]): Command => ({
  check: () => true,
  async run(model) {
    for (const key of model.published) if (!published.includes(key)) model.removedAt.set(key, model.now)
    for (const key of published) model.removedAt.delete(key)
    model.published = new Set(published)
  },
  toString: () => `rotate to ${published.join()}`,
})

const turn = (isUp: boolean): Command => ({
  check: () => true,
  async run(model) {
    model.isUp = isUp
    model.hasEverFailed ||= !isUp
  },
  toString: () => (isUp ? 'come up' : 'fail'),
})

const tick = (seconds: number): Command => ({
  check: () => true,
  async run(model) {
    model.now += seconds
  },
  toString: () => `tick ${seconds}`,
})

const unknown = (trust: KeyTrust): Command => ({
  check: () => true,
  async run(model, real) {
    if (trust === 'trusted') model.trustedMisses.push(model.now)
    const before = real.fetches
    await expect(find(real, 'unknown', trust)).resolves.toBe(false)
    await settle()
    expect(real.fetches - before).toBeLessThanOrEqual(2)
    requireBudget(model, real)
  },
  toString: () => `unknown kid, ${trust}`,
})

const look = (key: number, trust: KeyTrust): Command => ({
  check: () => true,
  async run(model, real) {
    const canAfford = model.trustedMisses.filter((at) => model.now - at < 30).length < 3
    const before = real.fetches
    const found = await find(real, `key-${key}`, trust)
    if (trust === 'trusted' && real.fetches > before) model.trustedMisses.push(model.now)
    await settle()
    const isPublished = model.published.has(key)
    const removedAt = model.removedAt.get(key)
    if (found && !isPublished) {
      const limit = model.hasEverFailed ? staleIfErrorSeconds : maximumAgeSeconds
      expect(removedAt).toBeDefined()
      expect(model.now - (removedAt ?? 0)).toBeLessThan(limit)
    }
    // A login with a key that is published goes through, flood or not.
    if (isPublished && trust === 'trusted' && canAfford && !model.hasEverFailed) expect(found).toBe(true)
    requireBudget(model, real)
  },
  toString: () => `key-${key}, ${trust}`,
})

const trust = fc.constantFrom<KeyTrust>('trusted', 'bearer')
const keyNumber = fc.nat(keyCount - 1)
const rotations = fc.uniqueArray(keyNumber, { minLength: 1, maxLength: 2 }).map(rotate)
const lookups = fc.tuple(keyNumber, trust).map(([key, by]) => look(key, by))
const unknowns = trust.map(unknown)
const ticks = fc.constantFrom(0, 1, 9, 10, 60, 299, 300, 599, 600).map(tick)
// Time passes seldom, or nothing would ever meet a bucket that is empty.
const always = [lookups, lookups, lookups, unknowns, unknowns, rotations, rotations, ticks]

describe('the JWKS cache, against a model', () => {
  it('keeps to its budget, forgets removed keys and lets logins through, while the endpoint answers', () => run(always))

  it('keeps to its budget and forgets removed keys in the end, while the endpoint fails at times', () =>
    run([...always, fc.boolean().map(turn), fc.constantFrom(2900, 3000, 3600).map(tick)]))
})

async function run(commands: readonly fc.Arbitrary<Command>[]): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.commands([...commands], { maxCommands: 50, size: 'max' }), (plan) =>
      fc.asyncModelRun(() => {
        const startedAt = 1_800_000_000
        const model: Model = {
          startedAt,
          now: startedAt,
          published: new Set([0]),
          removedAt: new Map(),
          isUp: true,
          hasEverFailed: false,
          trustedMisses: [],
        }
        const real: Real = {
          fetches: 0,
          jwks: createJwks({
            jwksUri: 'https://login.example/jwks',
            algorithms: ['ES256'],
            clock: () => model.now,
            async fetch() {
              real.fetches += 1
              if (!model.isUp) return Response.json({}, { status: 503 })
              return Response.json({ keys: [...model.published].map((key) => keys[key]?.publicJwk) })
            },
          }),
        }
        return { model, real }
      }, plan),
    ),
    { numRuns: 500 },
  )
}

async function find({ jwks }: Real, kid: string, by: KeyTrust): Promise<boolean> {
  try {
    await jwks.key({ alg: 'ES256', kid }, by)
    return true
  } catch (error) {
    expect(['oidc/key_not_found', 'oidc/jwks_unavailable']).toContain((error as { code: string }).code)
    return false
  }
}

/** Both buckets, one fetch for the age of the keys each 5 minutes, and while it fails one try a second at most. */
function requireBudget({ startedAt, now, hasEverFailed }: Model, { fetches }: Real): void {
  const seconds = now - startedAt
  const buckets = 2 * (3 + Math.floor(seconds / 10))
  const forAge = 1 + Math.floor(seconds / 300)
  expect(fetches).toBeLessThanOrEqual(buckets + forAge + (hasEverFailed ? seconds + 1 : 0))
}

/** Lets a fetch that nobody waits for arrive. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve))
}
