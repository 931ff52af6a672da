import { describe, expect, it } from 'vitest'
import { createBudget } from './budget.ts'

describe('a budget', () => {
  it('gives so many at once, then so many a second, and never more than at once', () => {
    const clock = { now: 100 }
    const take = createBudget({ atOnce: 5, perSecond: 2, clock: () => clock.now })
    const taken = (): number => Array.from({ length: 20 }, take).filter(Boolean).length
    expect(taken()).toBe(5)
    clock.now += 1
    expect(taken()).toBe(2)
    clock.now += 1000
    expect(taken()).toBe(5)
  })

  it('gives nothing where the clock is set back, and goes on from there', () => {
    const clock = { now: 100 }
    const take = createBudget({ atOnce: 1, perSecond: 1, clock: () => clock.now })
    expect(take()).toBe(true)
    clock.now = 50
    expect(take()).toBe(false)
    clock.now = 51
    expect(take()).toBe(true)
  })
})
