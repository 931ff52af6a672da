import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isOver, startCallTime } from './call-time.ts'

describe('the time of a call', () => {
  let now = 0
  beforeEach(() => {
    now = 0
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate'] })
    vi.spyOn(performance, 'now').mockImplementation(() => now)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  /** Time passes, and timers run. */
  async function pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed++) {
      now++
      await vi.advanceTimersByTimeAsync(1)
    }
  }

  function start() {
    const time = startCallTime(400)
    const over = vi.fn()
    void time.over.then(over)
    return { time, over }
  }

  it('is over after so many milliseconds', async () => {
    const { time, over } = start()
    await pass(399)
    expect(over).not.toHaveBeenCalled()
    expect(time.remaining()).toBe(1)
    await pass(2)
    expect(over).toHaveBeenCalledWith(isOver)
    expect(time.remaining()).toBeLessThanOrEqual(0)
  })

  it('goes on where this process stood still', async () => {
    const { time, over } = start()
    await pass(100)
    now += 5000
    expect(time.remaining()).toBe(200)
    await pass(199)
    expect(over).not.toHaveBeenCalled()
    await pass(60)
    expect(over).toHaveBeenCalledTimes(1)
  })

  it('is never over when it was stopped', async () => {
    const { time, over } = start()
    time.stop()
    await pass(1000)
    expect(over).not.toHaveBeenCalled()
  })
})
