import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryStore } from './memory-store.ts'
import type { Store } from './store.ts'
import { openVault, type Vault } from './vault.ts'

type Secrets = readonly [string, ...string[]]

const [oldest, newer, newest] = ['old', 'new', 'newest'].map(
  (name) => `an-example-secret-of-32-bytes-${name}-${crypto.randomUUID()}`,
) as [string, string, string]

const time = { clock: () => 1_800_000_000 }

/** Lists that three processes can have while a secret is replaced: each two share one. */
const lists: Readonly<Record<string, readonly Secrets[]>> = {
  'the newest is added': [[oldest], [oldest, newer], [oldest]],
  'the newest seals': [
    [oldest, newer],
    [newer, oldest],
    [oldest, newer],
  ],
  'the oldest is taken out': [[newer, oldest], [newer], [newer, oldest]],
  'all at once': [[oldest], [oldest, newer], [newer, oldest]],
  'two are replaced': [
    [oldest, newer],
    [newer, newest],
    [oldest, newest],
  ],
}

function nodes(store: Store, secrets: readonly Secrets[]): readonly Vault[] {
  return secrets.map((list) => openVault({ secrets: list, store, ...time }))
}

/** Gives the calls of each node to the store in an order that fast-check chooses. */
function interleaved(scheduler: fc.Scheduler, store: Store): Store {
  const next = scheduler.scheduleFunction(async (call: () => Promise<unknown>) => call())
  return {
    get: (key) => next(() => store.get(key)) as Promise<string | null>,
    set: (...given) => next(() => store.set(...given)) as Promise<void>,
    add: (...given) => next(() => store.add(...given)) as Promise<boolean>,
    replace: (...given) => next(() => store.replace(...given)) as Promise<boolean>,
    remove: (...given) => next(() => store.remove(...given)) as Promise<boolean>,
  }
}

describe.each(Object.entries(lists))('while %s', (_what, secrets) => {
  it('one of three nodes marks a thing as used, in every order of their calls, and never none for good', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.uuid(), async (scheduler, id) => {
        const memory = createMemoryStore(time)
        const vaults = nodes(interleaved(scheduler, memory), secrets)
        const marked = await scheduler.waitFor(Promise.all(vaults.map((vault) => vault.markUsed('test', id, 60))))
        const winners = marked.filter(Boolean).length
        expect(winners).toBe(1)
        for (const vault of nodes(memory, secrets)) expect(await vault.markUsed('test', id, 60)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('one of three nodes gets a lock and does the work, in every order of their calls, and all have its result', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.uuid(), async (scheduler, id) => {
        const memory = createMemoryStore(time)
        const vaults = nodes(interleaved(scheduler, memory), secrets)
        let done = 0
        const work = async () => ++done
        const asked = vaults.map((vault) => vault.once(id, { lifetime: 30, busy: 'fail', work }))
        const answers = await scheduler.waitFor(Promise.allSettled(asked))
        expect(done).toBe(1)
        for (const answer of answers) {
          if (answer.status === 'fulfilled') expect(answer.value).toBe(1)
          else expect(answer.reason).toMatchObject({ code: 'core/work_under_way' })
        }
        for (const vault of nodes(memory, secrets)) expect(await vault.once(id, { lifetime: 30, work })).toBe(1)
        expect(done).toBe(1)
      }),
      { numRuns: 300 },
    )
  })

  it('work is done once for those who wait, and every node has its result', async () => {
    const memory = createMemoryStore(time)
    let done = 0
    const work = async () => ++done
    const results = await Promise.all(nodes(memory, secrets).map((vault) => vault.once('key', { lifetime: 30, work })))
    expect([new Set(results).size, done]).toEqual([1, 1])
  })
})

it.each([1, 2, 3])('a mark costs one command for each of %i secrets', async (count) => {
  const memory = createMemoryStore(time)
  let commands = 0
  const store: Store = { ...memory, add: (...given) => (commands++, memory.add(...given)) }
  const [vault] = nodes(store, [[oldest, newer, newest].slice(0, count) as unknown as Secrets])
  expect(await vault?.markUsed('test', 'thing', 60)).toBe(true)
  expect(commands).toBe(count)
})

it('a mark that was not won leaves nothing behind', async () => {
  const memory = createMemoryStore(time)
  const [both, one, other] = nodes(memory, [[oldest, newer], [newer], [oldest]])
  for (let id = 0; id < 20; id++) {
    expect(await one?.markUsed('test', `${id}`, 60)).toBe(true)
    expect(await both?.markUsed('test', `${id}`, 60)).toBe(false)
    expect(await other?.markUsed('test', `${id}`, 60)).toBe(true)
  }
})
