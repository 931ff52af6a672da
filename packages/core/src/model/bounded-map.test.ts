import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BoundedMap, processWide } from './bounded-map.ts'

describe('a bounded map', () => {
  it('holds so many entries and no more: what was set longest ago goes first', () => {
    const map = new BoundedMap<string, number>(3)
    for (const [index, key] of ['a', 'b', 'c'].entries()) map.set(key, index)
    map.set('a', 10)
    map.set('d', 3)
    expect([...map]).toEqual([
      ['c', 2],
      ['a', 10],
      ['d', 3],
    ])
    map.delete('c')
    map.set('e', 4)
    expect([...map.keys()]).toEqual(['a', 'd', 'e'])
  })

  it('does not count what was only read as new', () => {
    const map = new BoundedMap<string, number>(2)
    map.set('a', 1).set('b', 2)
    map.get('a')
    map.set('c', 3)
    expect([map.has('a'), map.has('b'), map.size]).toEqual([false, true, 2])
  })

  it('is the last so many keys that were set, whatever they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.integer({ min: 0, max: 12 })), (most, keys) => {
        const map = new BoundedMap<number, number>(most)
        keys.forEach((key, index) => void map.set(key, index))
        const newestFirst = [...new Set(keys.toReversed())].slice(0, most)
        expect([...map.keys()]).toEqual(newestFirst.toReversed())
        for (const [key, value] of map) expect(value).toBe(keys.lastIndexOf(key))
      }),
    )
  })
})

describe('a bounded map of which entries are taken out', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), key: fc.integer({ min: 0, max: 12 }) }),
    fc.record({ kind: fc.constant('delete' as const), key: fc.integer({ min: 0, max: 12 }) }),
    fc.record({ kind: fc.constant('clear' as const), key: fc.constant(0) }),
  )

  it('is a list whose front is cut off at each set', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 80 }), (most, steps) => {
        const map = new BoundedMap<number, true>(most)
        let list: readonly number[] = []
        for (const { kind, key } of steps) {
          if (kind === 'set') map.set(key, true)
          else if (kind === 'delete') map.delete(key)
          else map.clear()
          const others = list.filter((each) => each !== key)
          list = kind === 'set' ? [...others, key].slice(-most) : kind === 'delete' ? others : []
          expect([...map.keys()]).toEqual(list)
        }
      }),
    )
  })
})

describe('state of the process', () => {
  it('is made once by key, also where it is undefined, and is apart by key', () => {
    let made = 0
    const key = `test/${crypto.randomUUID()}`
    expect(processWide(key, () => void made++)).toBeUndefined()
    expect(processWide(key, () => void made++)).toBeUndefined()
    expect(made).toBe(1)
    expect(processWide(`${key}/other`, () => 'other')).toBe('other')
    expect(processWide('constructor', () => 'own')).toBe('own')
  })
})
