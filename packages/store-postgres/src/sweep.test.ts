import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSweep } from './sweep.ts'

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

describe('sweeping', () => {
  let now = 0
  beforeEach(() => {
    now = 1000
    vi.spyOn(performance, 'now').mockImplementation(() => now)
  })
  afterEach(() => void vi.restoreAllMocks())

  it('goes on at the next write after a full batch, and in ten seconds after less', async () => {
    const remove = vi.fn<(most: number) => Promise<number>>().mockResolvedValueOnce(200).mockResolvedValue(3)
    const sweep = createSweep(remove)
    sweep()
    await turn()
    sweep()
    await turn()
    expect(remove.mock.calls).toEqual([[200], [200]])
    now += 9999
    sweep()
    expect(remove).toHaveBeenCalledTimes(2)
    now++
    sweep()
    expect(remove).toHaveBeenCalledTimes(3)
  })

  it('removes one batch at a time', async () => {
    const remove = vi.fn(() => new Promise<number>(() => undefined))
    const sweep = createSweep(remove)
    for (let write = 0; write < 10; write++) sweep()
    now += 3_600_000
    sweep()
    expect(remove).toHaveBeenCalledTimes(1)
  })

  it('tries again in ten seconds when it failed', async () => {
    const remove = vi.fn(async (): Promise<number> => {
      throw new Error('refused')
    })
    const sweep = createSweep(remove)
    sweep()
    await turn()
    sweep()
    expect(remove).toHaveBeenCalledTimes(1)
    now += 10_000
    sweep()
    await turn()
    expect(remove).toHaveBeenCalledTimes(2)
  })
})
