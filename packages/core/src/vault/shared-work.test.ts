import { describe, expect, it } from 'vitest'
import { createSharedWork } from './shared-work.ts'

const bound = 10_000

describe('results that are shared in a process', () => {
  it('are 10,000 at most: those that were kept longest go first', async () => {
    const work = createSharedWork(() => 1)
    for (let index = 0; index < bound + 5; index++)
      await work.share(`${index}`, { lifetime: 3600 }, Promise.resolve(index))
    for (let index = 0; index < 5; index++) expect(work.find(`${index}`, 'wait')).toBeUndefined()
    expect(await work.find('5', 'wait')).toBe(5)
    expect(await work.find(`${bound + 4}`, 'wait')).toBe(bound + 4)
  })

  it('are kept while they are under way, however many others come', async () => {
    const work = createSharedWork(() => 1)
    let finish: (value: string) => void = () => {}
    const slow = work.share('slow', { lifetime: 3600 }, new Promise<string>((resolve) => (finish = resolve)))
    for (let index = 0; index < bound + 5; index++)
      await work.share(`${index}`, { lifetime: 3600 }, Promise.resolve(index))
    expect(work.find('slow', 'wait')).toBeDefined()
    finish('done')
    expect(await slow).toBe('done')
  })

  it('are forgotten when their lifetime is over, or when they failed', async () => {
    let now = 1
    const work = createSharedWork(() => now)
    await work.share('a', { lifetime: 30 }, Promise.resolve('a'))
    now = 30
    expect(await work.find('a', 'wait')).toBe('a')
    now = 31
    expect(work.find('a', 'wait')).toBeUndefined()
    await expect(work.share('b', { lifetime: 30 }, Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(work.find('b', 'wait')).toBeUndefined()
  })
})
