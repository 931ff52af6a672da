import { describe, expect, it } from 'vitest'
import { createMarks } from './marks.ts'

describe('the marks of a process', () => {
  it('are made once, until they end', () => {
    let now = 1000
    const marks = createMarks(() => now)
    expect([marks.add('one', 600), marks.add('one', 600), marks.add('two', 600)]).toEqual([true, false, true])
    now += 600
    expect(marks.add('one', 600)).toBe(true)
  })

  it('hold under a flood: what was used is never good once more', () => {
    let now = 1000
    const marks = createMarks(() => now, 100)
    expect(marks.add('redeemed', 600)).toBe(true)
    now += 10
    for (let count = 0; count < 1000; count++) marks.add(`flood ${count}`, 600)
    expect(marks.add('redeemed', 590)).toBe(false)
  })

  it('take what begins after the flood', () => {
    let now = 1000
    const marks = createMarks(() => now, 100)
    for (let count = 0; count < 1000; count++) marks.add(`flood ${count}`, 600)
    now += 1
    expect([marks.add('fresh', 600), marks.add('fresh', 600)]).toEqual([true, false])
  })

  it('that have ended make room first', () => {
    let now = 1000
    const marks = createMarks(() => now, 100)
    for (let count = 0; count < 100; count++) marks.add(`old ${count}`, 10)
    marks.add('long', 600)
    now += 20
    expect(marks.add('short', 5)).toBe(true)
    expect(marks.add('long', 580)).toBe(false)
  })
})
