import { assertEqual } from '../assertion.ts'
import type { ContractTest } from './contract-test.ts'

const lifetime = 600

const composed = '\u00e9'
const decomposed = 'e\u0301'

const values = [
  ...['', ' ', ' padded ', 'a\tb\r\nc\n', '"quoted"', "it's", '\\', '%s', '$1', '{}', '[object Object]'],
  ...['0', '007', '1e3', '-1', 'true', 'null', 'undefined', '1'.repeat(40)],
  ...['Straße', composed, decomposed, '日本語', 'עברית', '👩‍👩‍👧‍👦', '\u{10ffff}', '\ufeffbom'],
]

const keyEnds = [
  ...['', ' ', 'a', 'A', 'a ', 'a:b', 'a*', 'a?', '[a]', '{a}', '{b}', 'a/b', 'a%2Fb', 'a.b', '$a', `a'b`, 'a\\b'],
  ...['a"b', `''`, '""', '`', `';--`, '%', 'a%', '%s', '%00', '_', 'a_', '?', '$1', ':a', '@a', '#', '\n', '\t'],
  ...['__proto__', 'constructor', 'toString', composed, decomposed, '鍵', '🔑', 'k'.repeat(150)],
  ...['a', 'b'].map((last) => 'k'.repeat(1023) + last),
]

/** Which texts are kept: all, as they are. */
export const textContract: readonly ContractTest[] = [
  {
    title: 'gives every text back as it was',
    async run({ store, key }) {
      for (const [index, value] of values.entries()) {
        const name = JSON.stringify(value)
        await store.set(key(`${index}`), value, lifetime)
        assertEqual(await store.get(key(`${index}`)), value, `${name} comes back from set`)
        assertEqual(await store.replace(key(`${index}`), value, value, lifetime), true, `${name} is itself`)
        assertEqual(await store.get(key(`${index}`)), value, `${name} comes back from replace`)
        assertEqual(await store.remove(key(`${index}`), value), true, `${name} can be removed as itself`)
        assertEqual(await store.add(key(`${index}`), value, lifetime), true, `${name} can be added`)
        assertEqual(await store.get(key(`${index}`)), value, `${name} comes back from add`)
      }
    },
  },
  {
    title: 'compares bytes, not letters',
    async run({ store, key }) {
      await store.set(key(), composed, lifetime)
      assertEqual(await store.replace(key(), decomposed, 'x', lifetime), false, 'two spellings of é are two values')
      assertEqual(await store.remove(key(), decomposed), false, 'two spellings of é are two values')
      assertEqual(await store.remove(key(), composed), true, 'é is itself')
    },
  },
  {
    title: 'keeps keys apart, however alike',
    async run({ store, key }) {
      for (const end of keyEnds) {
        const added = await store.add(key(end), `value of ${end}`, lifetime)
        assertEqual(added, true, `${JSON.stringify(end)} is a key of its own`)
      }
      for (const end of keyEnds) {
        assertEqual(await store.get(key(end)), `value of ${end}`, `${JSON.stringify(end)} has its own value`)
      }
      assertEqual(await store.remove(key('a*')), true, 'a key is no pattern')
      assertEqual(await store.get(key('a')), 'value of a', 'a key is no pattern')
    },
  },
  {
    title: 'keeps values of 64 KiB',
    async run({ store, key }) {
      const start = 'x'.repeat(64 * 1024 - 1)
      await store.set(key(), `${start}1`, lifetime)
      assertEqual((await store.get(key())) === `${start}1`, true, '64 KiB come back whole')
      assertEqual(await store.replace(key(), `${start}2`, 'x', lifetime), false, 'the last byte counts')
      assertEqual(await store.replace(key(), `${start}1`, `${start}2`, lifetime), true, '64 KiB are replaced')
      assertEqual(await store.remove(key(), `${start}1`), false, 'the last byte counts')
      assertEqual(await store.remove(key(), `${start}2`), true, '64 KiB are removed')
    },
  },
  {
    title: 'keeps 1,000 keys at once',
    async run({ store, key }) {
      const names = Array.from({ length: 1000 }, (_, index) => `${index}`)
      await Promise.all(names.map((name) => store.set(key(name), `value of ${name}`, lifetime)))
      const kept = await Promise.all(names.map((name) => store.get(key(name))))
      assertEqual(
        kept,
        names.map((name) => `value of ${name}`),
        'each key has its own value',
      )
      const removed = await Promise.all(names.map((name) => store.remove(key(name))))
      assertEqual(removed.filter(Boolean).length, names.length, 'each key is removed')
    },
  },
]
