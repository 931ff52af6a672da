import { describe, expect, it } from 'vitest'
import { startFloodedApp } from './flooded-app.ts'
import { startOthers } from './others.ts'
import { runFloods } from './run-floods.ts'

describe.each([
  ['cookies', 40],
  ['store', 40],
  ['alone', 38],
] as const)('floods of requests by nobody, with sessions in %s', (keeping, kinds) => {
  it('break no promise of others, and reach neither the store nor a vendor beyond its bound', async () => {
    const results = await runFloods(keeping, { count: 150 })
    expect(results.filter(({ broken }) => broken.length > 0)).toEqual([])
    expect(results).toHaveLength(kinds)
  })
})

it('would be noticed if they broke a promise of others', async () => {
  const app = await startFloodedApp('cookies')
  try {
    const [late, tooLate] = [await startOthers(app), await startOthers(app)]
    app.pass(31)
    expect(await late.brokenPromises()).toEqual(['a callback that came again got another answer'])
    app.pass(600)
    expect(await tooLate.brokenPromises()).toEqual([
      'a login that was under way was lost',
      'a callback that came again got another answer',
    ])
  } finally {
    await app.close()
  }
})
