import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { coreError } from '../errors/core-errors.ts'
import { createMemoryStore } from './memory-store.ts'
import { boundedStore, type Store, type StoreFailure } from './store.ts'
import { openVault, type Vault } from './vault.ts'

const secrets = [`an-example-secret-of-32-bytes-${crypto.randomUUID()}`] as const
const time = { clock: () => 1_800_000_000 }

afterEach(() => void vi.useRealTimers())

const useFakeTime = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })

function fleetOn(store: Store): readonly [Vault, Vault] {
  const open = () => openVault({ secrets, store, ...time })
  return [open(), open()]
}

describe('a store that is silent after work was done', () => {
  it.each([1, 3, 6])('for %i s is offered the result until it takes it, and nobody works twice', async (seconds) => {
    useFakeTime()
    let isSilent = false
    const memory = createMemoryStore(time)
    const asked = <T>(call: () => Promise<T>): Promise<T> => (isSilent ? new Promise<T>(() => {}) : call())
    const [holder, other] = fleetOn({
      get: (...given) => asked(() => memory.get(...given)),
      set: (...given) => asked(() => memory.set(...given)),
      add: (...given) => asked(() => memory.add(...given)),
      replace: (...given) => asked(() => memory.replace(...given)),
      remove: (...given) => asked(() => memory.remove(...given)),
    })
    const work = vi.fn(async () => {
      isSilent = true
      return 'new tokens'
    })
    const held = holder.once('refresh', { lifetime: 30, work })
    await vi.advanceTimersByTimeAsync(seconds * 1000)
    expect(await held).toBe('new tokens')
    isSilent = false
    const late = other.once('refresh', { lifetime: 30, work })
    await vi.advanceTimersByTimeAsync(5000)
    expect(await late).toBe('new tokens')
    expect(work).toHaveBeenCalledTimes(1)
  })
})

describe('a lock that the store has set and acknowledges too late', () => {
  it('is given back, and keeps nobody waiting', async () => {
    const memory = createMemoryStore(time)
    let isLate = true
    const [one, other] = fleetOn({
      ...memory,
      async add(key, ...rest) {
        const isAdded = await memory.add(key, ...rest)
        if (isLate && key.startsWith('lock:')) throw new Error('late')
        return isAdded
      },
    })
    await expect(one.once('key', { lifetime: 30, work: async () => 1 })).rejects.toThrow()
    isLate = false
    expect(await other.once('key', { lifetime: 30, busy: 'fail', work: async () => 2 })).toBe(2)
  })

  it('is so of a mark: what was not redeemed can be redeemed', async () => {
    const memory = createMemoryStore(time)
    let isLate = true
    const [one, other] = fleetOn({
      ...memory,
      async add(...given) {
        const isAdded = await memory.add(...given)
        if (isLate) throw new Error('late')
        return isAdded
      },
    })
    await expect(one.markUsed('transaction', 'one', 60)).rejects.toThrow()
    isLate = false
    expect([await other.markUsed('transaction', 'one', 60), await one.markUsed('transaction', 'one', 60)]).toEqual([
      true,
      false,
    ])
  })
})

it('a refusal does not take the place of the success of a holder who was slower than its lock', async () => {
  const clock = { now: 1_800_000_000 }
  const memory = createMemoryStore({ clock: () => clock.now })
  const open = () => openVault({ secrets, store: memory, clock: () => clock.now })
  const keptAs = (answer: string) => (answer === 'signed in' ? ('sign-in' as const) : ('refusal' as const))
  const answer = await open().once('callback', {
    lifetime: 30,
    keptAs,
    async work() {
      clock.now += 12
      await open().once('callback', { lifetime: 30, keptAs, work: async () => 'replayed' })
      return 'signed in'
    },
  })
  expect(answer).toBe('signed in')
  expect(await open().once('callback', { lifetime: 30, keptAs, work: async () => 'again' })).toBe('signed in')
})

it.each([0, 2])('a failure does not take its place either, %i s before it', async (laterSeconds) => {
  const clock = { now: 1_800_000_000 }
  const memory = createMemoryStore({ clock: () => clock.now })
  const open = () => openVault({ secrets, store: memory, clock: () => clock.now })
  const failed = vi.fn(() => Promise.reject(coreError('core/vendor_timeout')))
  const result = await open().once('refresh', {
    lifetime: 30,
    async work() {
      clock.now += 12
      await expect(open().once('refresh', { lifetime: 30, work: failed })).rejects.toThrow()
      clock.now += laterSeconds
      return 'new tokens'
    },
  })
  expect(result).toBe('new tokens')
  expect(await open().once('refresh', { lifetime: 30, work: failed })).toBe('new tokens')
  expect(failed).toHaveBeenCalledTimes(1)
})

describe('a call to a store', () => {
  const failing = (call: () => Promise<string | null>, failures: StoreFailure[] = []): Store =>
    boundedStore({ ...createMemoryStore(time), get: call }, (failure) => failures.push(failure))

  it('is not late where only this process stood still', async () => {
    // An answer that arrives as those of a socket do: when the event loop polls, after timers that are due.
    const store = failing(async () => (await promisify(randomBytes)(16)).toString('hex'))
    const answer = store.get('key')
    const end = performance.now() + 700
    while (performance.now() < end);
    expect(await answer).toHaveLength(32)
  })

  it('is late after 500 ms, and says so', async () => {
    useFakeTime()
    const failures: StoreFailure[] = []
    const answer = failing(() => new Promise(() => {}), failures).get('key')
    const refused = expect(answer).rejects.toMatchObject({ code: 'auth/store_unavailable', cause: { reason: 'late' } })
    await vi.advanceTimersByTimeAsync(500)
    await refused
    expect(failures).toEqual([{ operation: 'get', reason: 'late', durationMilliseconds: 500 }])
  })

  it('that fails tells nothing of the text of its error', async () => {
    const failures: StoreFailure[] = []
    const answer = failing(async () => {
      throw new Error('canary: redis://user:password@host')
    }, failures).get('key')
    await expect(answer).rejects.toMatchObject({ cause: { reason: 'failed' } })
    expect(failures).toEqual([expect.objectContaining({ operation: 'get', reason: 'failed' })])
    expect(JSON.stringify(failures)).not.toContain('canary')
  })
})
