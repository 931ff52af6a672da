import { createMemoryStore, type Store } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { createJourneys } from '../../test/journeys.ts'
import { now } from '../../test/vendor.ts'

const journeys = createJourneys()
const { client } = journeys
const createStore = (): Store => createMemoryStore({ clock: () => journeys.time })
const calls = () => journeys.vendor.calls().length
const lifetime = (expires_in: unknown) => {
  journeys.vendor.behaviour.machineResponse = (body) => ({ ...body, expires_in })
}

describe.each(['without a store', 'with a store'])('a machine token %s', (kind) => {
  const create = () => client(kind === 'with a store' ? { store: createStore() } : {})

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
    // Processes share a failure for a moment, so that a fleet does not ask a vendor that is down all at once.
    if (kind === 'with a store') journeys.time = now + 1
    await wristband.machineToken()
    expect(calls()).toBe(2)
  })
})

describe('the store of machine tokens', () => {
  it('shares them between processes, over their replacements too', async () => {
    const store = createStore()
    // The clock is each client's own, so each is as a process of its own.
    const [one, other] = [client({ store }), client({ store })]
    expect(await one.machineToken()).toBe(await other.machineToken())
    journeys.time = now + 1800
    const second = await one.machineToken()
    expect(await other.machineToken()).toBe(second)
    expect(await client({ store }).machineToken()).toBe(second)
    expect(calls()).toBe(2)
    await client({ store: createStore() }).machineToken()
    await client().machineToken()
    expect(calls()).toBe(4)
  })

  it('holds them sealed, under a key that is made from the client secret', async () => {
    const seen: string[] = []
    const memory = createStore()
    const watched: Store = {
      ...memory,
      set: (key, value, life) => (seen.push(key + value), memory.set(key, value, life)),
      add: (key, value, life) => (seen.push(key + value), memory.add(key, value, life)),
      replace: (key, old, value, life) => (seen.push(key + value), memory.replace(key, old, value, life)),
    }
    const token = await client({ store: watched }).machineToken()
    expect(await client({ store: watched }).machineToken()).toBe(token)
    expect(calls()).toBe(1)
    expect(seen).not.toEqual([])
    expect(seen.join()).not.toContain(token)
    expect(seen.join()).not.toContain('machine')
  })

  it('is of no use to those who do not have the client secret', async () => {
    const store = createStore()
    const token = await client({ store }).machineToken()
    const stranger = client({ store, clientSecret: 'a-guess-at-the-secret-of-this-test' })
    expect(await stranger.machineToken()).not.toBe(token)
    expect(calls()).toBe(2)
  })

  it('keeps the tokens of two applications apart', async () => {
    const store = createStore()
    const one = await client({ store }).machineToken()
    expect(await client({ store, clientId: 'another-client' }).machineToken()).not.toBe(one)
  })
})
