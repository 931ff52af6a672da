import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createServerClock, type ServerClock } from './server-clock.ts'

describe("the server's clock", () => {
  let now = 0
  let clock: ServerClock
  beforeEach(() => {
    now = 1000
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    clock = createServerClock()
  })
  afterEach(() => void vi.restoreAllMocks())

  /** An answer whose statement was sent so long ago. */
  function answer(reading: number, took: number): void {
    clock.learn(reading, now - took)
  }

  it('is not known before an answer, nor a minute after the last one', () => {
    expect(clock.now()).toBeNull()
    answer(5000, 10)
    now += 60_000
    expect(clock.now()).toBe(65_000)
    now++
    expect(clock.now()).toBeNull()
  })

  it('is never taken for later than it is: an answer may have taken long to come', () => {
    answer(5000, 300)
    expect(clock.now()).toBe(5000)
  })

  it('is told best by the answer that came fastest', () => {
    answer(5000, 10)
    now += 1000
    // It was read 290 ms ago.
    answer(5710, 300)
    expect(clock.now()).toBe(6000)
    now += 1000
    answer(7050, 60)
    expect(clock.now()).toBe(7050)
  })

  it('is known without a gap where answers keep coming', () => {
    answer(5000, 10)
    for (let second = 0; second < 200; second++) {
      now += 1000
      answer(5000 + (second + 1) * 1000 - 5, 10)
      expect(clock.now()).not.toBeNull()
    }
  })

  it('is taken anew when it was set back, or forgotten', () => {
    answer(5000, 10)
    now += 1000
    answer(2000, 10)
    expect(clock.now()).toBe(2000)
    clock.forget()
    expect(clock.now()).toBeNull()
  })
})
