import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMarks, type Marks, maxMarks } from './marks.ts'

const start = 1_800_000_000

function createTimed(maxEntries?: number): { marks: Marks; clock: { now: number } } {
  const clock = { now: start }
  return { marks: createMarks(() => clock.now, maxEntries), clock }
}

function flood(marks: Marks, count: number, expiresAt: number): void {
  for (let index = 0; index < count; index++) marks.add(`${expiresAt} ${index}`, expiresAt)
}

describe('marks in the memory of a process', () => {
  it('are true for the first use alone, until they expire', () => {
    const { marks, clock } = createTimed()
    expect([marks.add('a', start + 10), marks.add('a', start + 10), marks.add('b', start + 10)]).toEqual([
      true,
      false,
      true,
    ])
    clock.now += 9
    expect(marks.add('a', start + 10)).toBe(false)
    clock.now += 1
    expect(marks.add('a', start + 20)).toBe(true)
  })

  it('hold after more uses than are kept: what was used is never good again', () => {
    const { marks } = createTimed()
    expect(marks.add('used', start + 600)).toBe(true)
    flood(marks, maxMarks, start + 602)
    // Asked with what is left, a second may have passed between two readings of the clock.
    for (const expiresAt of [start + 599, start + 600, start + 601, start + 602])
      expect(marks.add('used', expiresAt)).toBe(false)
  })

  it('leave what expires after everything that went: a login that begins now is good, once', () => {
    const { marks, clock } = createTimed()
    flood(marks, maxMarks + 1000, start + 600)
    clock.now += 3
    expect([marks.add('fresh', clock.now + 600), marks.add('fresh', clock.now + 600)]).toEqual([true, false])
  })

  it('refuse nothing while there is room, however many have expired', () => {
    const { marks, clock } = createTimed(100)
    for (let round = 0; round < 50; round++) {
      flood(marks, 100, clock.now + 5)
      clock.now += 5
    }
    expect(marks.add('early', clock.now + 1)).toBe(true)
  })

  it('let the ones go first that expire first, so that one which lasts long pushes out nothing', () => {
    const { marks } = createTimed(3)
    marks.add('long', start + 3600)
    flood(marks, 10, start + 600)
    expect(marks.add('long', start + 3600)).toBe(false)
    expect(marks.add('other', start + 3600)).toBe(true)
    flood(marks, 10, start + 700)
    expect(marks.add('third', start + 3600)).toBe(true)
  })

  it('are used where the expiry is no number', () => {
    const { marks } = createTimed()
    expect(marks.add('a', Number.NaN)).toBe(false)
    expect(marks.add('b', start + 10)).toBe(true)
  })

  it('never call a thing unused twice before it expires, whatever else is marked and however time passes', () => {
    const step = fc.record({
      key: fc.integer({ min: 0, max: 15 }),
      lifetime: fc.integer({ min: 1, max: 12 }),
      passed: fc.integer({ min: 0, max: 3 }),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 60 }), (most, steps) => {
        const { marks, clock } = createTimed(most)
        // A thing expires once and for all: its first use says when, later ones ask with what is left.
        const expiries = new Map<number, number>()
        const used = new Set<number>()
        for (const { key, lifetime, passed } of steps) {
          clock.now += passed
          const expiresAt = expiries.get(key) ?? clock.now + lifetime
          expiries.set(key, expiresAt)
          if (expiresAt <= clock.now) continue
          const isFirst = marks.add(`${key}`, expiresAt)
          expect(isFirst && used.has(key)).toBe(false)
          used.add(key)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
