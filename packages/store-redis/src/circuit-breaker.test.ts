import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCircuitBreaker } from './circuit-breaker.ts'

function deferred() {
  let resolve: (answer: string) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<string>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

describe('the circuit breaker', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())

  it('makes calls, and gives what they give', async () => {
    const attempt = createCircuitBreaker(1000)
    expect(await attempt(async () => 'answer')).toBe('answer')
    await expect(attempt(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
  })

  it('refuses calls while one is overdue, without making them, until that one ends', async () => {
    const attempt = createCircuitBreaker(1000)
    const [first, second] = [deferred(), deferred()]
    const made = vi.fn(async () => 'made')
    const overdue = attempt(() => first.promise)
    vi.advanceTimersByTime(1000)
    expect(await attempt(made)).toBe('made')
    const later = attempt(() => second.promise)

    vi.advanceTimersByTime(1)
    await expect(attempt(made)).rejects.toMatchObject({ code: 'redis/unanswered', status: 503 })
    expect(made).toHaveBeenCalledTimes(1)

    first.resolve('late')
    expect(await overdue).toBe('late')
    expect(await attempt(made)).toBe('made')

    vi.advanceTimersByTime(1000)
    await expect(attempt(made)).rejects.toMatchObject({ code: 'redis/unanswered' })
    second.reject(new Error('connection lost'))
    await expect(later).rejects.toThrow('connection lost')
    expect(await attempt(made)).toBe('made')
  })
  it('tries one call, 5 seconds after the last one that was made, and makes calls again once it is answered', async () => {
    const attempt = createCircuitBreaker(1000)
    const [lost, trial] = [deferred(), deferred()]
    const made = vi.fn(() => trial.promise)
    void attempt(() => lost.promise)
    vi.advanceTimersByTime(4999)
    await expect(attempt(made)).rejects.toMatchObject({ code: 'redis/unanswered' })
    vi.advanceTimersByTime(1)
    const tried = attempt(made)
    await expect(attempt(made)).rejects.toMatchObject({ code: 'redis/unanswered' })
    expect(made).toHaveBeenCalledTimes(1)

    trial.resolve('answer')
    expect(await tried).toBe('answer')
    expect(await attempt(made)).toBe('answer')
  })

  it('stays open after a trial that fails or is not answered either', async () => {
    const attempt = createCircuitBreaker(1000)
    const [lost, unanswered] = [deferred(), deferred()]
    const made = vi.fn(async () => 'made')
    void attempt(() => lost.promise)
    vi.advanceTimersByTime(5000)
    await expect(attempt(() => Promise.reject(new Error('not connected')))).rejects.toThrow('not connected')
    await expect(attempt(made)).rejects.toMatchObject({ code: 'redis/unanswered' })
    vi.advanceTimersByTime(5000)
    void attempt(() => unanswered.promise)
    vi.advanceTimersByTime(4999)
    await expect(attempt(made)).rejects.toMatchObject({ code: 'redis/unanswered' })
    expect(made).not.toHaveBeenCalled()
  })
})
