import { assertEqual } from '../assertion.ts'
import type { ContractTest } from './contract-test.ts'

/** Lifetimes are whole seconds, and each write begins one. */
export const lifetimeContract: readonly ContractTest[] = [
  {
    title: 'keeps a value for its lifetime, and no longer',
    async run({ store, key, wait }) {
      await store.set(key('set'), 'one', 3)
      await store.add(key('added'), 'one', 3)
      await store.set(key('replaced'), 'zero', 1)
      await store.replace(key('replaced'), 'zero', 'one', 3)
      await store.set(key('set again'), 'zero', 1)
      await store.set(key('set again'), 'one', 3)
      await store.set(key('shorter'), 'zero', 600)
      await store.set(key('shorter'), 'one', 3)
      await store.set(key('replaced by shorter'), 'zero', 600)
      await store.replace(key('replaced by shorter'), 'zero', 'one', 3)
      await store.set(key('longer'), 'one', 600)
      const names = ['set', 'added', 'replaced', 'set again', 'shorter', 'replaced by shorter']

      await wait(1)
      for (const name of names) assertEqual(await store.get(key(name)), 'one', `${name}: lives for 3 seconds`)
      await wait(2)
      for (const name of names) assertEqual(await store.get(key(name)), null, `${name}: is gone after 3 seconds`)
      assertEqual(await store.get(key('longer')), 'one', 'longer: lives for 600 seconds')
    },
  },
  {
    title: 'begins no lifetime by reading, nor by what it refuses',
    async run({ store, key, wait }) {
      for (const name of ['read', 'added', 'replaced', 'removed']) await store.set(key(name), 'one', 2)
      await store.get(key('read'))
      await store.add(key('added'), 'two', 600)
      await store.replace(key('replaced'), 'two', 'three', 600)
      await store.remove(key('removed'), 'two')

      await wait(2)
      for (const name of ['read', 'added', 'replaced', 'removed']) {
        assertEqual(await store.get(key(name)), null, `${name}: is gone after its own 2 seconds`)
      }
    },
  },
  {
    title: 'takes what has outlived its lifetime for absent',
    async run({ store, key, wait }) {
      for (const name of ['add', 'replace', 'remove', 'expected']) await store.set(key(name), 'one', 1)

      await wait(1)
      assertEqual(await store.add(key('add'), 'two', 600), true, 'add: it is absent')
      assertEqual(await store.get(key('add')), 'two', 'add: it is set anew')
      assertEqual(await store.replace(key('replace'), 'one', 'two', 600), false, 'replace: it is absent')
      assertEqual(await store.get(key('replace')), null, 'replace: nothing comes back to life')
      assertEqual(await store.remove(key('remove')), false, 'remove: it is absent')
      assertEqual(await store.remove(key('expected'), 'one'), false, 'remove with expected: it is absent')
    },
  },
  {
    title: 'takes it for absent before it is swept, at the first look, and again after that',
    async run({ store, key, wait }) {
      for (const name of ['get', 'add', 'replace', 'set']) await store.set(key(name), 'one', 1)

      await wait(1)
      const values = await store.getMany?.([key('get'), key('add')])
      assertEqual(values?.some((value) => value !== null) ?? false, false, 'getMany: it is absent')
      assertEqual(await store.get(key('get')), null, 'get: it is absent')
      assertEqual(await store.replace(key('get'), 'one', 'two', 600), false, 'get: looking brings nothing back')
      assertEqual(await store.add(key('add'), 'one', 2), true, 'add: it is absent, though the value is the same')
      assertEqual(await store.add(key('add'), 'one', 2), false, 'add: it is present again')
      assertEqual(await store.replace(key('replace'), 'one', 'one', 600), false, 'replace: it is absent')
      assertEqual(await store.add(key('replace'), 'two', 600), true, 'replace: it is left absent')
      await store.set(key('set'), 'two', 600)
      assertEqual(await store.replace(key('set'), 'two', 'three', 600), true, 'set: it is present again')

      await wait(2)
      assertEqual(await store.get(key('add')), null, 'add: what was added has a lifetime of its own')
      assertEqual(await store.get(key('set')), 'three', 'set: so has what was set')
    },
  },
]
