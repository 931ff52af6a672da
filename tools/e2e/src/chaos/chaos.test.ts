import { describeWithRedis } from '@latchkey/tool-test-support'
import { expect, it } from 'vitest'
import { lineOf, totalsText } from './chaos-table.ts'
import { totalsOf } from './row.ts'
import { runChaos } from './run-chaos.ts'

describeWithRedis('an app of four processes under fire', () => {
  it('keeps each promise, in the short form', async () => {
    const { rows, broken } = await runChaos({ isShort: true, checkedAnswers: 5000 })
    console.info([...rows.map(lineOf), totalsText(rows)].join('\n'))
    expect(broken).toEqual([])
    const { letIn, crossed, lost } = totalsOf(rows)
    expect([rows.length, letIn, crossed, lost]).toEqual([14, 0, 0, 0])
  })
})
