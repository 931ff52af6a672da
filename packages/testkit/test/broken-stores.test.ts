import { createMemoryStore, type Store } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { storeContract } from '../src/store/store-contract.ts'

/** Makes a store with a mistake of a good one. */
type Mistake = (good: Store) => Partial<Store>

/** Runs the contract without a runner, and gives the titles of the tests that failed. */
async function failuresOf(mistake: Mistake): Promise<readonly string[]> {
  const failures: string[] = []
  const tests: (() => Promise<void>)[] = []
  let now = 0
  storeContract({
    describe: (_, suite) => suite(),
    it: (title, test) => tests.push(() => test().catch(() => void failures.push(title))),
    create() {
      const good = createMemoryStore({ clock: () => now })
      return { ...good, ...mistake(good) }
    },
    wait(seconds) {
      now += seconds
    },
  })
  for (const test of tests) await test()
  return failures
}

const all = (store: Store, keys: readonly string[]) => Promise.all(keys.map((key) => store.get(key)))

const later = () => new Promise((resolve) => void setImmediate(resolve))

const mistakes: Readonly<Record<string, readonly [Mistake, ...string[]]>> = {
  'gives undefined for what is absent': [
    (good) => ({ get: async (key) => (await good.get(key)) ?? (undefined as never) }),
    'gives null for a key that was never set',
  ],
  'gives null for an empty value': [
    (good) => ({ get: async (key) => (await good.get(key)) || null }),
    'gives every text back as it was',
  ],
  'takes a value away when it is read': [
    (good) => ({
      async get(key) {
        const value = await good.get(key)
        await good.remove(key)
        return value
      },
    }),
    'gives what was set last',
  ],
  'leaves out what is absent when it reads several': [
    (good) => ({ getMany: async (keys) => (await all(good, keys)).filter((value) => value !== null) }),
    'gives several values in the order of their keys, if it reads several at once',
  ],
  'reads several in an order of its own': [
    (good) => ({ getMany: (keys) => all(good, keys.toSorted()) }),
    'gives several values in the order of their keys, if it reads several at once',
  ],
  'reads a key that comes twice once': [
    (good) => ({ getMany: (keys) => all(good, [...new Set(keys)]) }),
    'gives several values in the order of their keys, if it reads several at once',
  ],
  'reads several whatever their lifetime': [
    (good) => {
      const values = new Map<string, string>()
      return {
        set: async (key, value, lifetime) => (values.set(key, value), good.set(key, value, lifetime)),
        getMany: async (keys) => keys.map((key) => values.get(key) ?? null),
      }
    },
    'takes it for absent before it is swept, at the first look, and again after that',
  ],
  'overwrites when it adds': [
    (good) => ({
      async add(key, value, lifetime) {
        const isAbsent = (await good.get(key)) === null
        await good.set(key, value, lifetime)
        return isAbsent
      },
    }),
    'adds nothing to a key that is present',
  ],
  'looks before it adds': [
    (good) => ({
      async add(key, value, lifetime) {
        if ((await good.get(key)) !== null) return false
        await later()
        await good.set(key, value, lifetime)
        return true
      },
    }),
    'has one winner among 500 that add at once',
    'has one winner among 500 that add at once where something has outlived its lifetime',
  ],
  'looks before it adds where something has outlived its lifetime': [
    (good) => {
      const known = new Set<string>()
      return {
        async set(key, value, lifetime) {
          known.add(key)
          await good.set(key, value, lifetime)
        },
        async add(key, value, lifetime) {
          if (!known.has(key) || (await good.get(key)) !== null) return good.add(key, value, lifetime)
          await later()
          await good.set(key, value, lifetime)
          return true
        },
      }
    },
    'has one winner among 500 that add at once where something has outlived its lifetime',
  ],
  'takes what has outlived its lifetime for present until it is looked at': [
    (good) => {
      const unswept = new Set<string>()
      return {
        async get(key) {
          unswept.delete(key)
          return good.get(key)
        },
        async set(key, value, lifetime) {
          unswept.add(key)
          await good.set(key, value, lifetime)
        },
        add: async (key, value, lifetime) => !unswept.has(key) && good.add(key, value, lifetime),
      }
    },
    'takes what has outlived its lifetime for absent',
    'takes it for absent before it is swept, at the first look, and again after that',
  ],
  'adds the same value over itself': [
    (good) => ({
      add: async (key, value, lifetime) => (await good.add(key, value, lifetime)) || (await good.get(key)) === value,
    }),
    'adds nothing to a key that is present',
  ],
  'cuts keys at 1,000 characters': [
    (good) => ({ add: (key, value, lifetime) => good.add(key.slice(0, 1000), value, lifetime) }),
    'keeps keys apart, however alike',
  ],
  'takes % in a key for a pattern': [
    (good) => ({ add: (key, value, lifetime) => good.add(key.replaceAll('%', ''), value, lifetime) }),
    'keeps keys apart, however alike',
  ],
  'creates by replacing nothing': [
    (good) => ({
      async replace(key, expected, value, lifetime) {
        if (((await good.get(key)) ?? '') !== expected) return false
        await good.set(key, value, lifetime)
        return true
      },
    }),
    'never creates a key by replacing it',
  ],
  'looks before it replaces': [
    (good) => ({
      async replace(key, expected, value, lifetime) {
        if ((await good.get(key)) !== expected) return false
        await later()
        await good.set(key, value, lifetime)
        return true
      },
    }),
    'has one winner among 500 that replace at once',
    'has one winner among 500 that replace or remove the same value at once',
    'loses no update of 25 that count together',
  ],
  'compares without case': [
    (good) => ({
      async replace(key, expected, value, lifetime) {
        const present = await good.get(key)
        return present?.toLowerCase() === expected.toLowerCase() && good.replace(key, present, value, lifetime)
      },
    }),
    'replaces no value that is another than expected, however alike',
  ],
  'normalises what it keeps': [
    (good) => ({ set: (key, value, lifetime) => good.set(key, value.normalize(), lifetime) }),
    'gives every text back as it was',
  ],
  'compares letters': [
    (good) => ({
      async remove(key, expected) {
        const present = await good.get(key)
        return expected === undefined || present?.normalize() === expected.normalize()
          ? good.remove(key)
          : good.remove(key, expected)
      },
    }),
    'compares bytes, not letters',
  ],
  'removes whatever is expected': [
    (good) => ({ remove: (key) => good.remove(key) }),
    'removes with an expected value only exactly that',
  ],
  'says true for removing nothing': [
    (good) => ({ remove: async (key, expected) => (await good.remove(key, expected)) || expected === undefined }),
    'removes a key once',
    'has one winner among 500 that remove at once',
  ],
  'has keys without case': [
    (good) => ({ add: (key, value, lifetime) => good.add(key.toLowerCase(), value, lifetime) }),
    'keeps keys apart, however alike',
  ],
  'cuts values at 32 KiB': [
    (good) => ({ set: (key, value, lifetime) => good.set(key, value.slice(0, 32_768), lifetime) }),
    'keeps values of 64 KiB',
  ],
  'holds 500 keys': [() => createMemoryStore({ maxEntries: 500 }), 'keeps 1,000 keys at once'],
  'takes seconds for milliseconds': [
    (good) => ({ set: (key, value, lifetime) => good.set(key, value, lifetime / 1000) }),
    'keeps a value for its lifetime, and no longer',
  ],
  'knows no lifetime': [
    (good) => ({ set: (key, value) => good.set(key, value, 1e9) }),
    'keeps a value for its lifetime, and no longer',
    'begins no lifetime by reading, nor by what it refuses',
    'takes what has outlived its lifetime for absent',
  ],
  'keeps the lifetime of before when it replaces': [
    (good) => ({
      replace: (key, expected, value, lifetime) => good.replace(key, expected, value, lifetime === 3 ? 600 : lifetime),
    }),
    'keeps a value for its lifetime, and no longer',
  ],
  'begins a lifetime when it is read': [
    (good) => ({
      async get(key) {
        const value = await good.get(key)
        if (value !== null) await good.set(key, value, 600)
        return value
      },
    }),
    'begins no lifetime by reading, nor by what it refuses',
  ],
  'begins a lifetime when it refuses to add': [
    (good) => ({
      async add(key, value, lifetime) {
        if (await good.add(key, value, lifetime)) return true
        await good.set(key, (await good.get(key)) ?? '', lifetime)
        return false
      },
    }),
    'begins no lifetime by reading, nor by what it refuses',
  ],
}

describe('the store contract fails a store that', () => {
  it.each(Object.entries(mistakes))('%s', async (_, [mistake, ...titles]) => {
    expect(await failuresOf(mistake)).toEqual(expect.arrayContaining(titles))
  })

  it('has no mistake: never', async () => {
    expect(await failuresOf(() => ({}))).toEqual([])
    expect(await failuresOf((good) => ({ getMany: (keys) => all(good, keys) }))).toEqual([])
  })
})
