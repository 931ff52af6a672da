import type { Store } from '@latchkey/core'
import { assertEqual } from '../assertion.ts'
import type { ContractTest } from './contract-test.ts'

const lifetime = 600
const runners = 500
const counters = 25

/** Every method is atomic: of many calls at once, one wins. */
export const raceContract: readonly ContractTest[] = [
  {
    title: 'has one winner among 500 that add at once',
    async run({ store, key }) {
      const winners = await race((runner) => store.add(key(), `${runner}`, lifetime))
      assertEqual(winners.length, 1, 'one add is true')
      assertEqual(await store.get(key()), `${winners[0]}`, 'the value is that of the winner')
    },
  },
  {
    title: 'has one winner among 500 that add at once where something has outlived its lifetime',
    async run({ store, key, wait }) {
      await store.set(key(), 'old', 1)
      await wait(1)
      const winners = await race((runner) => store.add(key(), `${runner}`, lifetime))
      assertEqual(winners.length, 1, 'one add is true')
      assertEqual(await store.get(key()), `${winners[0]}`, 'the value is that of the winner')
    },
  },
  {
    title: 'has one winner among 500 that replace at once',
    async run({ store, key }) {
      await store.set(key(), 'start', lifetime)
      const winners = await race((runner) => store.replace(key(), 'start', `${runner}`, lifetime))
      assertEqual(winners.length, 1, 'one replace is true')
      assertEqual(await store.get(key()), `${winners[0]}`, 'the value is that of the winner')
    },
  },
  {
    title: 'has one winner among 500 that remove at once',
    async run({ store, key }) {
      await store.set(key(), 'start', lifetime)
      assertEqual((await race(() => store.remove(key()))).length, 1, 'one remove is true')
      await store.set(key(), 'start', lifetime)
      assertEqual((await race(() => store.remove(key(), 'start'))).length, 1, 'one remove with expected is true')
      assertEqual(await store.get(key()), null, 'it is gone')
    },
  },
  {
    title: 'has one winner among 500 that replace or remove the same value at once',
    async run({ store, key }) {
      await store.set(key(), 'start', lifetime)
      const winners = await race((runner) =>
        runner % 2 === 0 ? store.replace(key(), 'start', `${runner}`, lifetime) : store.remove(key(), 'start'),
      )
      assertEqual(winners.length, 1, 'one of both is true')
      const [winner = 0] = winners
      assertEqual(await store.get(key()), winner % 2 === 0 ? `${winner}` : null, 'the winner has the last word')
    },
  },
  {
    title: 'loses no update of 25 that count together',
    async run({ store, key }) {
      await store.set(key(), '0', lifetime)
      await Promise.all(Array.from({ length: counters }, () => increment(store, key())))
      assertEqual(await store.get(key()), `${counters}`, 'each has counted once')
    },
  },
]

/** Who of 500 got true. */
async function race(attempt: (runner: number) => Promise<boolean>): Promise<readonly number[]> {
  const results = await Promise.all(Array.from({ length: runners }, (_, runner) => attempt(runner)))
  return [...results.keys()].filter((runner) => results[runner] === true)
}

async function increment(store: Store, key: string): Promise<void> {
  // Who fails has been overtaken, which each of the others does once.
  for (let attempt = 0; attempt < counters; attempt++) {
    const count = (await store.get(key)) ?? ''
    if (await store.replace(key, count, `${Number(count) + 1}`, lifetime)) return
  }
}
