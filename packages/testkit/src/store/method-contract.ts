import { assertEqual } from '../assertion.ts'
import type { ContractTest } from './contract-test.ts'

const lifetime = 600

/** What each method does, one call after the other. */
export const methodContract: readonly ContractTest[] = [
  {
    title: 'gives null for a key that was never set',
    async run({ store, key }) {
      assertEqual(await store.get(key()), null, 'get of an absent key is null, not undefined and not empty')
    },
  },
  {
    title: 'gives what was set last',
    async run({ store, key }) {
      await store.set(key(), 'one', lifetime)
      assertEqual(await store.get(key()), 'one', 'get gives what was set')
      assertEqual(await store.get(key()), 'one', 'get takes nothing away')
      await store.set(key(), 'two', lifetime)
      assertEqual(await store.get(key()), 'two', 'set overwrites')
    },
  },
  {
    title: 'gives several values in the order of their keys, if it reads several at once',
    async run({ store, key }) {
      if (store.getMany === undefined) return
      await store.set(key('one'), 'one', lifetime)
      await store.set(key('empty'), '', lifetime)
      await store.set(key('two'), 'two', lifetime)
      const names = ['two', 'absent', 'one', 'two', 'empty', 'ONE', 'absent']
      const values = await store.getMany(names.map(key))
      const expected = ['two', null, 'one', 'two', '', null, null]
      assertEqual(values, expected, 'getMany gives a value or null for each key, in their order')
      const many = Array.from({ length: 50 }, (_, index) => key(`${index % 2 === 0 ? 'one' : 'absent'}${index}`))
      assertEqual((await store.getMany([...many, key('one')])).at(-1), 'one', 'getMany takes many keys')
      assertEqual(await store.getMany([key('one')]), ['one'], 'getMany takes one key')
      assertEqual(await store.getMany([]), [], 'getMany of no keys gives nothing')
    },
  },
  {
    title: 'adds a key that is absent',
    async run({ store, key }) {
      assertEqual(await store.add(key(), 'one', lifetime), true, 'add of an absent key is true')
      assertEqual(await store.get(key()), 'one', 'add sets the value')
    },
  },
  {
    title: 'adds nothing to a key that is present',
    async run({ store, key }) {
      await store.set(key(), 'one', lifetime)
      assertEqual(await store.add(key(), 'two', lifetime), false, 'add of a present key is false')
      assertEqual(await store.get(key()), 'one', 'an add that is false changes nothing')
      assertEqual(await store.add(key(), 'one', lifetime), false, 'add is false for the same value too')
    },
  },
  {
    title: 'replaces a value that is as expected',
    async run({ store, key }) {
      await store.set(key(), 'one', lifetime)
      assertEqual(await store.replace(key(), 'one', 'two', lifetime), true, 'replace of what is there is true')
      assertEqual(await store.get(key()), 'two', 'replace sets the value')
      assertEqual(await store.replace(key(), 'two', 'two', lifetime), true, 'a value can be replaced by itself')
    },
  },
  {
    title: 'replaces no value that is another than expected, however alike',
    async run({ store, key }) {
      await store.set(key(), 'One', lifetime)
      for (const expected of ['', 'one', 'ONE', 'On', 'One ', ' One', 'One\n', 'One%', 'O*', 'null']) {
        const replaced = await store.replace(key(), expected, 'two', lifetime)
        assertEqual(replaced, false, `replace compares every byte: ${JSON.stringify(expected)} is not "One"`)
      }
      assertEqual(await store.get(key()), 'One', 'a replace that is false changes nothing')
    },
  },
  {
    title: 'never creates a key by replacing it',
    async run({ store, key }) {
      for (const expected of ['', 'null', 'undefined', 'false', '0']) {
        const replaced = await store.replace(key(), expected, 'two', lifetime)
        assertEqual(replaced, false, `replace of an absent key is false, expecting ${JSON.stringify(expected)}`)
      }
      assertEqual(await store.get(key()), null, 'replace never creates')
    },
  },
  {
    title: 'removes a key once',
    async run({ store, key }) {
      assertEqual(await store.remove(key()), false, 'remove of an absent key is false')
      await store.set(key(), 'one', lifetime)
      assertEqual(await store.remove(key()), true, 'remove of a present key is true')
      assertEqual(await store.get(key()), null, 'what was removed is gone')
      assertEqual(await store.remove(key()), false, 'the second remove is false')
      assertEqual(await store.add(key(), 'two', lifetime), true, 'what was removed can be added')
    },
  },
  {
    title: 'removes with an expected value only exactly that',
    async run({ store, key }) {
      assertEqual(await store.remove(key(), ''), false, 'nothing is there to be removed')
      await store.set(key(), 'One', lifetime)
      for (const expected of ['', 'one', 'On', 'One ', 'O*']) {
        const removed = await store.remove(key(), expected)
        assertEqual(removed, false, `remove compares every byte: ${JSON.stringify(expected)} is not "One"`)
      }
      assertEqual(await store.get(key()), 'One', 'a remove that is false changes nothing')
      assertEqual(await store.remove(key(), 'One'), true, 'remove of what is expected is true')
      assertEqual(await store.get(key()), null, 'what was removed is gone')
    },
  },
  {
    title: 'forgets what a key was before',
    async run({ store, key }) {
      await store.set(key(), 'one', lifetime)
      await store.remove(key())
      assertEqual(await store.replace(key(), 'one', 'two', lifetime), false, 'what was removed is not replaced')
      assertEqual(await store.remove(key(), 'one'), false, 'what was removed is not removed again')
      await store.set(key(), 'three', lifetime)
      assertEqual(await store.replace(key(), 'one', 'two', lifetime), false, 'only the value of now counts')
    },
  },
]
