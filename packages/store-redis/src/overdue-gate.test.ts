import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOverdueGate } from './overdue-gate.ts'

function deferred() {
  let resolve: (answer: string) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<string>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

describe('the gate before overdue calls', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())

  it('passes calls on, and what they give', async () => {
    const pass = createOverdueGate(1000)
    expect(await pass(async () => 'answer')).toBe('answer')
    await expect(pass(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
  })

  it('refuses calls while one is overdue, without making them, until that one ends', async () => {
    const pass = createOverdueGate(1000)
    const [first, second] = [deferred(), deferred()]
    const made = vi.fn(async () => 'made')
    const overdue = pass(() => first.promise)
    vi.advanceTimersByTime(1000)
    expect(await pass(made)).toBe('made')
    const later = pass(() => second.promise)

    vi.advanceTimersByTime(1)
    await expect(pass(made)).rejects.toMatchObject({ code: 'redis/unanswered', status: 503 })
    expect(made).toHaveBeenCalledTimes(1)

    first.resolve('late')
    expect(await overdue).toBe('late')
    expect(await pass(made)).toBe('made')

    vi.advanceTimersByTime(1000)
    await expect(pass(made)).rejects.toMatchObject({ code: 'redis/unanswered' })
    second.reject(new Error('connection lost'))
    await expect(later).rejects.toThrow('connection lost')
    expect(await pass(made)).toBe('made')
  })
})
