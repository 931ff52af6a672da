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

  it('of one kind push out none of another', async () => {
    const work = createSharedWork(() => 1)
    const keep = (index: number, kind: 'sign-in' | 'refusal'): Promise<unknown> =>
      work.share(`${kind} ${index}`, { lifetime: 3600, keptAs: () => kind }, Promise.resolve(index))
    await keep(0, 'sign-in')
    for (let index = 0; index < bound + 5; index++) await keep(index, 'refusal')
    expect(await work.find('sign-in 0', 'wait')).toBe(0)
    expect(work.find('refusal 4', 'wait')).toBeUndefined()
    expect(await work.find('refusal 5', 'wait')).toBe(5)
  })

  it('of which one is made anew count from then', async () => {
    let now = 1
    const work = createSharedWork(() => now)
    await work.share('a', { lifetime: 30 }, Promise.resolve('old'))
    now = 31
    await work.share('a', { lifetime: 30 }, Promise.resolve('new'))
    for (let index = 1; index < bound; index++) await work.share(`${index}`, { lifetime: 3600 }, Promise.resolve(index))
    expect(await work.find('a', 'wait')).toBe('new')
    await work.share('last', { lifetime: 3600 }, Promise.resolve('last'))
    expect(work.find('a', 'wait')).toBeUndefined()
  })
})
