import { afterEach, describe, expect, it, vi } from 'vitest'
import { AuthError } from '../errors/auth-error.ts'
import { createMemoryStore } from './memory-store.ts'
import type { Store } from './store.ts'
import { openVault, type Vault } from './vault.ts'

const secrets = [`an-example-secret-of-32-bytes-${crypto.randomUUID()}`] as const
const clock = { now: 1_800_000_000 }
const time = { clock: () => clock.now }

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Processes that share a store, some of whose methods do something else too. */
function createFleet(change: (memory: Store) => Partial<Store> = () => ({})): {
  readonly memory: Store
  readonly vaults: readonly [Vault, Vault]
} {
  const memory = createMemoryStore(time)
  const store = { ...memory, ...change(memory) }
  const createOne = () => openVault({ secrets, store, ...time })
  return { memory, vaults: [createOne(), createOne()] }
}

const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (value) => `done: ${JSON.stringify(value)}`,
    (error: { code?: string }) => error.code ?? String(error),
  )

describe('work of a fleet', () => {
  it('is done once, and its result is shared for its lifetime', async () => {
    const { vaults } = createFleet()
    const work = vi.fn(async () => ({ number: 1 }))
    const ask = () => Promise.all(vaults.map((vault) => vault.once('key', { lifetime: 30, work })))
    expect(await ask()).toEqual([{ number: 1 }, { number: 1 }])
    clock.now += 29
    await ask()
    expect(work).toHaveBeenCalledTimes(1)
    clock.now += 1
    await ask()
    expect(work).toHaveBeenCalledTimes(2)
  })

  it('is looked for again once the lock is there: another may have done it in between', async () => {
    let lookedFor = 0
    const { vaults } = createFleet((memory) => ({
      get: async (key) => (key.startsWith('result:') && ++lookedFor === 2 ? null : memory.get(key)),
    }))
    const work = vi.fn(async () => 1)
    await vaults[0].once('key', { lifetime: 30, work })
    lookedFor = 1
    expect(await vaults[1].once('key', { lifetime: 30, work })).toBe(1)
    expect([work.mock.calls.length, lookedFor]).toEqual([1, 3])
  })

  it.each([
    [5.9, 'done: 1'],
    [6.1, 'auth/store_unavailable'],
  ])('that would begin %d s after its lock was taken ends with %s', async (seconds, ending) => {
    let passed = 0
    const removed: unknown[] = []
    const { memory, vaults } = createFleet((store) => ({
      async add(key, ...rest) {
        const isAdded = await store.add(key, ...rest)
        if (key.startsWith('lock:')) passed = seconds * 1000
        return isAdded
      },
      remove: (key, expected) => (
        removed.push([key.split(':')[0], expected !== undefined]), memory.remove(key, expected)
      ),
    }))
    // Nothing else passes: a busy machine adds nothing to it.
    const start = performance.now()
    vi.spyOn(performance, 'now').mockImplementation(() => start + passed)
    const work = vi.fn(async () => 1)
    expect(await codeOf(vaults[0].once('key', { lifetime: 30, work }))).toBe(ending)
    expect([work.mock.calls.length, removed]).toEqual([ending === 'done: 1' ? 1 : 0, [['lock', true]]])
  })

  it('that comes too late does not overwrite what another did meanwhile', async () => {
    const { memory, vaults } = createFleet()
    const late = vaults[0].once('key', {
      lifetime: 30,
      async work() {
        // Its lock has ended, and another has taken it and is done.
        clock.now += 12
        await vaults[1].once('key', { lifetime: 30, work: async () => 'first' })
        return 'late'
      },
    })
    expect(await late).toBe('first')
    expect(
      await openVault({ secrets, store: memory, ...time }).once('key', { lifetime: 30, work: async () => 'x' }),
    ).toBe('first')
  })

  it('is not lost when the store fails after it was done', async () => {
    let isDown = false
    const { vaults } = createFleet((memory) => ({
      add: (key, ...rest) => (isDown ? Promise.reject(new Error('down')) : memory.add(key, ...rest)),
      remove: (key, ...rest) => (isDown ? Promise.reject(new Error('down')) : memory.remove(key, ...rest)),
    }))
    const work = async () => {
      isDown = true
      return 1
    }
    expect(await vaults[0].once('key', { lifetime: 30, work })).toBe(1)
  })

  it('that failed is shared for a second, and then tried again', async () => {
    const { vaults } = createFleet()
    const work = vi.fn((): Promise<number> => {
      throw new AuthError('acme/down', { status: 503, hint: 'The vendor is down.' })
    })
    for (const vault of vaults) expect(await codeOf(vault.once('key', { lifetime: 30, work }))).toBe('acme/down')
    expect(work).toHaveBeenCalledTimes(1)
    clock.now += 1
    await codeOf(vaults[1].once('key', { lifetime: 30, work }))
    expect(work).toHaveBeenCalledTimes(2)
  })

  it('by another is not waited for where the caller can do without', async () => {
    const { vaults } = createFleet()
    let during = ''
    await vaults[0].once('key', {
      lifetime: 30,
      async work() {
        during = await codeOf(vaults[1].once('key', { lifetime: 30, busy: 'fail', work: async () => 'x' }))
        return 1
      },
    })
    expect(during).toBe('core/work_under_way')
  })

  it('by another is waited for 12 seconds at most', async () => {
    const { vaults } = createFleet((store) => ({
      add: async (key, ...rest) => !key.startsWith('lock:') && store.add(key, ...rest),
    }))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const waiting = codeOf(vaults[0].once('key', { lifetime: 30, work: async () => 1 }))
    await vi.advanceTimersByTimeAsync(12_500)
    expect(await waiting).toBe('auth/store_unavailable')
  })

  it('takes a copy of the result of other work for none', async () => {
    const copies = new Map<string, string>()
    const added: string[] = []
    const { vaults } = createFleet((memory) => ({
      get: (key) => memory.get(copies.get(key) ?? key),
      add: (key, ...rest) => (added.push(key), memory.add(key, ...rest)),
    }))
    await vaults[0].once('of the victim', { lifetime: 30, work: async () => 'tokens of the victim' })
    await vaults[0].once('of mallory', { lifetime: 30, work: async () => 'tokens of mallory' })
    const [ofVictim = '', ofMallory = ''] = added.filter((key) => key.startsWith('result:'))
    copies.set(ofMallory, ofVictim)
    const again = vaults[1].once('of mallory', { lifetime: 30, work: async () => 'done again' })
    expect(await again).toBe('done again')
  })

  it('leaves nothing readable in the store', async () => {
    const entries: string[] = []
    const { vaults } = createFleet((memory) => ({
      add: (key, value, lifetime) => (entries.push(`${key} ${value}`), memory.add(key, value, lifetime)),
    }))
    await vaults[0].once('canary-key', { lifetime: 30, work: async () => 'canary-result' })
    expect(entries).toEqual([expect.stringMatching(/^lock:[\w-]{43} /), expect.stringMatching(/^result:[\w-]{43} /)])
    expect(entries.join(' ')).not.toContain('canary')
  })
})
