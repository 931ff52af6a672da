import { createTestBrowser } from '@latchkey/testkit'
import { expect, it } from 'vitest'
import { createTally } from '../../test/chaos/users.ts'
import { rowOf } from './row.ts'

const origin = 'http://localhost:3001'

it.each(['crossed', 'letIn', 'other'] as const)('breaks any promise: %s', (kind) => {
  const tally = { ...createTally(), right: 100, [kind]: 1 }
  expect(rowOf({ fault: 'a fault', promise: 'a promise', tally }, {}).broken).toHaveLength(1)
})

it('breaks the promise by a lost session, unless the row says why', () => {
  const tally = createTally()
  tally.right = 1
  tally.lost.add({ subject: 'ada-1', browser: createTestBrowser({ origin }), isOut: false })
  const row = { fault: 'a fault', promise: 'a promise', tally }
  expect(rowOf(row, { claimed: true }).broken).toEqual(['1 signed out'])
  expect(rowOf({ ...row, mayLose: { count: 1, because: 'it was lost' } }, { claimed: false }).broken).toEqual([
    'claimed',
  ])
})
