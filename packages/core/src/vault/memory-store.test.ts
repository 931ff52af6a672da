import { describe, expect, it } from 'vitest'
import { createMemoryStore } from './memory-store.ts'
import type { Store } from './store.ts'

function createStore(maxEntries?: number): { store: Store; clock: { now: number } } {
  const clock = { now: 1000 }
  return { store: createMemoryStore({ clock: () => clock.now, ...(maxEntries && { maxEntries }) }), clock }
}

describe('a memory store', () => {
  it('gives what was set until its lifetime is over', async () => {
    const { store, clock } = createStore()
    await store.set('key', 'value', 10)
    clock.now += 9
    expect(await store.get('key')).toBe('value')
    clock.now += 1
    expect(await store.get('key')).toBeNull()
    expect(await store.get('other')).toBeNull()
  })

  it('begins the lifetime anew with each write', async () => {
    const { store, clock } = createStore()
    await store.set('key', 'one', 10)
    clock.now += 9
    await store.set('key', 'two', 10)
    clock.now += 9
    expect(await store.get('key')).toBe('two')
    expect(await store.replace('key', 'two', 'three', 10)).toBe(true)
    clock.now += 9
    expect(await store.get('key')).toBe('three')
  })

  it('adds only what is absent, which what has expired is', async () => {
    const { store, clock } = createStore()
    expect(await store.add('key', 'one', 10)).toBe(true)
    expect(await store.add('key', 'two', 100)).toBe(false)
    expect(await store.get('key')).toBe('one')
    clock.now += 10
    expect(await store.add('key', 'two', 10)).toBe(true)
    expect(await store.get('key')).toBe('two')
  })

  it('replaces only exactly what is expected, and never creates', async () => {
    const { store, clock } = createStore()
    expect(await store.replace('key', '', 'two', 10)).toBe(false)
    expect(await store.get('key')).toBeNull()
    await store.set('key', 'one', 10)
    expect(await store.replace('key', 'on', 'two', 10)).toBe(false)
    expect(await store.replace('key', 'one', 'two', 10)).toBe(true)
    expect(await store.get('key')).toBe('two')
    clock.now += 10
    expect(await store.replace('key', 'two', 'three', 10)).toBe(false)
  })

  it('removes what is there, with an expected value only exactly that', async () => {
    const { store, clock } = createStore()
    expect(await store.remove('key')).toBe(false)
    await store.set('key', 'one', 10)
    expect(await store.remove('key', 'two')).toBe(false)
    expect(await store.get('key')).toBe('one')
    expect(await store.remove('key', 'one')).toBe(true)
    expect(await store.get('key')).toBeNull()
    await store.set('key', 'one', 10)
    expect(await store.remove('key')).toBe(true)
    await store.set('key', 'one', 10)
    clock.now += 10
    expect(await store.remove('key', 'one')).toBe(false)
  })

  it('has one winner among 500 that add, replace or remove at once', async () => {
    const { store } = createStore()
    const race = async (attempt: (index: number) => Promise<boolean>): Promise<number> =>
      (await Promise.all(Array.from({ length: 500 }, (_, index) => attempt(index)))).filter(Boolean).length
    expect(await race((index) => store.add('key', `${index}`, 10))).toBe(1)
    const value = (await store.get('key')) ?? ''
    expect(await race((index) => store.replace('key', value, `next ${index}`, 10))).toBe(1)
    expect(await race(() => store.remove('key'))).toBe(1)
  })

  it('is bounded: what expired goes first, then what was written longest ago', async () => {
    const { store, clock } = createStore(3)
    await store.set('a', '1', 100)
    await store.set('b', '2', 5)
    await store.set('c', '3', 100)
    clock.now += 5
    await store.set('d', '4', 100)
    expect(await store.get('a')).toBe('1')
    await store.set('a', '5', 100)
    await store.set('e', '6', 100)
    const left = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => store.get(key)))
    expect(left).toEqual(['5', null, null, '4', '6'])
  })

  it('holds no more than it may under a flood', async () => {
    const { store } = createStore(1000)
    for (let index = 0; index < 100_000; index++) await store.add(`key ${index}`, '1', 600)
    expect(await store.get('key 98999')).toBeNull()
    expect(await store.get('key 99000')).toBe('1')
    expect(await store.get('key 99999')).toBe('1')
  })

  it.each([{ maxEntries: 0 }, { maxEntries: 1.5 }, { maxEntries: Number.NaN }, { clock: 5 as never }, { size: 1 }])(
    'refuses the options %j by name',
    (options) => {
      const [option] = Object.keys(options)
      const refusal = expect.objectContaining({
        code: 'core/invalid_option',
        cause: { factory: 'createMemoryStore', option },
      })
      expect(() => createMemoryStore(options as never)).toThrow(refusal as Error)
    },
  )
})
