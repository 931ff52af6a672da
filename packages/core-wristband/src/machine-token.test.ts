import { createMemoryStore, createVault, type Vault } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { createJourneys } from '../test/journeys.ts'
import { now } from '../test/vendor.ts'

const journeys = createJourneys()
const { client } = journeys
const createOwnVault = (): Vault =>
  createVault({ secrets: [`an-example-secret-of-32-bytes-${crypto.randomUUID()}`], clock: () => journeys.time })
const calls = () => journeys.vendor.calls().length
const lifetime = (expires_in: unknown) => {
  journeys.vendor.behaviour.machineResponse = (body) => ({ ...body, expires_in })
}

describe.each(['without a vault', 'with a vault'])('a machine token %s', (kind) => {
  const create = () => client(kind === 'with a vault' ? { vault: createOwnVault() } : {})

  it('is asked for once by all who need one, in the application’s own name', async () => {
    const wristband = create()
    const tokens = await Promise.all(Array.from({ length: 100 }, () => wristband.machineToken()))
    expect(new Set(tokens).size).toBe(1)
    expect(tokens[0]).toMatch(/^example-machine-token-/)
    expect(journeys.vendor.journal.map(({ body }) => body)).toEqual(['grant_type=client_credentials'])
  })

  it('is replaced a minute before it expires', async () => {
    const wristband = create()
    const first = await wristband.machineToken()
    journeys.time = now + 1739
    expect(await wristband.machineToken()).toBe(first)
    journeys.time = now + 1740
    const next = await Promise.all(Array.from({ length: 20 }, () => wristband.machineToken()))
    expect(new Set(next).size).toBe(1)
    expect(next[0]).not.toBe(first)
    expect(calls()).toBe(2)
  })

  it.each([
    ['absent', undefined, 240],
    ['short', 30, 15],
    ['text', '60', 30],
    ['0', 0, 1],
    ['thirty years', 946_080_000, 86_340],
  ])('lives shorter than an expires_in that is %s', async (_title, expires_in, seconds) => {
    lifetime(expires_in)
    const wristband = create()
    await Promise.all([wristband.machineToken(), wristband.machineToken()])
    journeys.time = now + seconds - 1
    await wristband.machineToken()
    expect(calls()).toBe(1)
    journeys.time = now + seconds
    await wristband.machineToken()
    expect(calls()).toBe(2)
  })

  it('is another one after an API has refused it, for all callers', async () => {
    const wristband = create()
    const refused = await wristband.machineToken()
    const replaced = await Promise.all(Array.from({ length: 20 }, () => wristband.machineToken({ refused })))
    expect(new Set(replaced).size).toBe(1)
    expect(await wristband.machineToken()).toBe(replaced[0])
    expect(await wristband.machineToken({ refused })).toBe(replaced[0])
    expect(calls()).toBe(2)
  })

  it('is asked for again after a failure', async () => {
    journeys.vendor.behaviour.fault = () => ({ status: 503, body: {} })
    const wristband = create()
    const failed = await Promise.allSettled(Array.from({ length: 20 }, () => wristband.machineToken()))
    expect(failed.every(({ status }) => status === 'rejected')).toBe(true)
    expect(calls()).toBe(1)
    journeys.vendor.behaviour.fault = null
    await wristband.machineToken()
    expect(calls()).toBe(2)
  })
})

describe('the vault of a machine token', () => {
  it('shares it between clients, over its replacements too', async () => {
    const vault = createOwnVault()
    const [one, other] = [client({ vault }), client({ vault })]
    expect(await one.machineToken()).toBe(await other.machineToken())
    journeys.time = now + 1800
    const second = await one.machineToken()
    expect(await other.machineToken()).toBe(second)
    expect(await client({ vault }).machineToken()).toBe(second)
    expect(calls()).toBe(2)
    await client({ vault: createOwnVault() }).machineToken()
    expect(calls()).toBe(3)
  })

  it('shares it through its store, sealed', async () => {
    const seen: string[] = []
    const memory = createMemoryStore()
    const store = {
      ...memory,
      add: (key: string, value: string, life: number) => (seen.push(key + value), memory.add(key, value, life)),
    }
    const secrets = ['an-example-secret-of-32-bytes-or-more'] as const
    const tokens = await Promise.all(
      [1, 2].map(() => client({ vault: createVault({ secrets, store, clock: () => journeys.time }) }).machineToken()),
    )
    expect(tokens[0]).toBe(tokens[1])
    expect(calls()).toBe(1)
    expect(seen.join()).not.toContain('example-machine-token')
  })

  it('keeps the tokens of two applications apart', async () => {
    const vault = createOwnVault()
    const one = await client({ vault }).machineToken()
    expect(await client({ vault, clientId: 'another-client' }).machineToken()).not.toBe(one)
  })
})
