import { describe, expect, it } from 'vitest'
import { floodsOf } from './floods.ts'
import { runFloods } from './run-floods.ts'

describe.each(['cookie', 'store'] as const)('floods of requests by nobody, with sessions in a %s', (strategy) => {
  it('break no promise of others, and reach neither the store nor a vendor beyond its bound', async () => {
    const results = await runFloods(strategy, 200)
    expect(results).toHaveLength(floodsOf(strategy).length)
    expect(results.filter(({ broken }) => broken.length > 0)).toEqual([])
  })
})
