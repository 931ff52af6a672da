import { expect, it } from 'vitest'
import { checkGates, type Gate } from './gates.ts'
import { interleave } from './interleave.ts'
import { type Candidate, measure } from './measure.ts'
import { performancePage } from './page.ts'
import { quartiles, type Row, ratioOf, type Table } from './table.ts'

const effort = { rounds: 3, milliseconds: 1, warmUpMilliseconds: 10 }
const row = (name: string, kind: Row['kind'], ...samples: readonly number[]): Row => ({ name, kind, samples })

it('finds the quartiles of samples in any order, between two where there is no middle one', () => {
  expect(quartiles([5, 1, 3, 2, 4])).toEqual({ low: 2, median: 3, high: 4 })
  expect(quartiles([4, 1])).toEqual({ low: 1.75, median: 2.5, high: 3.25 })
  expect(quartiles([7])).toEqual({ low: 7, median: 7, high: 7 })
})

it('compares samples of the same round, so that a slow round changes no ratio', () => {
  const floor = row('floor', 'floor', 1, 10, 2)
  expect(ratioOf(row('twice', 'ours', 2, 20, 4), floor)).toEqual({ low: 2, median: 2, high: 2 })
})

it('takes one sample of each in every round, and keeps them by round', async () => {
  const taken: string[] = []
  const sampler = (name: string) => async () => taken.push(name)
  const samples = await interleave([sampler('a'), sampler('b'), sampler('c')], 20)
  expect(samples.map(({ length }) => length)).toEqual([20, 20, 20])
  for (let round = 0; round < 20; round += 1) {
    expect(new Set(taken.slice(round * 3, round * 3 + 3)), `round ${round}`).toEqual(new Set(['a', 'b', 'c']))
  }
  expect(new Set(Array.from({ length: 20 }, (_, round) => taken[round * 3])).size).toBeGreaterThan(1)
})

const candidate = (kind: Candidate['kind'], name: string, result: unknown): Candidate => ({
  kind,
  name,
  prepare: () => ({ run: () => result }),
})

it('times what gives the expected result, and leaves out a peer that gives another or does not run', async () => {
  const broken: Candidate = {
    ...candidate('peer', 'broken', null),
    prepare: () => {
      throw new Error('not on this Node')
    },
  }
  const candidates = [candidate('floor', 'floor', { a: 1 }), candidate('peer', 'other', { a: 2 }), broken]
  const { rows, leftOut } = await measure({ operation: 'any', expected: { a: 1 }, candidates }, effort)
  expect(rows.map(({ name, samples }) => [name, samples.length])).toEqual([['floor', 3]])
  expect(leftOut).toEqual(['other: its result is another: {"a":2}', 'broken: not on this Node'])
})

it.each(['floor', 'ours'] as const)('fails where the result of %s is another', async (kind) => {
  const operation = { operation: 'any', expected: 1, candidates: [candidate(kind, 'wrong', 2)] }
  await expect(measure(operation, effort)).rejects.toThrow('its result is another: 2')
})

const gate: Gate = { group: 'g', operation: 'read', ours: 'latchkey', against: 'floor', most: 2 }
const tables = (ours: number): readonly Table[] => [
  {
    operation: 'read',
    unit: 'µs',
    rows: [row('floor', 'floor', 1), row('latchkey', 'ours', ours), row('rival', 'peer', 0.5)],
    leftOut: [],
    goal: '≤ 2 × the floor',
  },
]

it('holds a gate up to its ratio, and not above', () => {
  expect(checkGates([gate], tables(2))).toMatchObject([{ ratio: 2, holds: true }])
  expect(checkGates([gate], tables(2.1))).toMatchObject([{ ratio: 2.1, holds: false }])
})

it('counts the best of several runs, also where a later one did not measure it again', () => {
  const spoiled = checkGates([gate], tables(5))
  expect(checkGates([gate], tables(1.5), spoiled)).toMatchObject([{ ratio: 1.5, holds: true }])
  const held = checkGates([gate], tables(1.5))
  expect(checkGates([gate], tables(5), held)).toMatchObject([{ ratio: 1.5, holds: true }])
  expect(checkGates([gate], [], held)).toMatchObject([{ ratio: 1.5, holds: true }])
})

it('fails a gate whose ratio noise made less than nothing, until a later run has one', () => {
  const spoiled = checkGates([gate], tables(-3))
  expect(spoiled).toMatchObject([{ holds: false }])
  expect(checkGates([gate], tables(1.5), spoiled)).toMatchObject([{ ratio: 1.5, holds: true }])
})

it('fails a gate whose operation or candidate was not measured', () => {
  expect(checkGates([gate], [])).toMatchObject([{ holds: false }])
  expect(checkGates([{ ...gate, ours: 'renamed' }], tables(1))).toMatchObject([{ holds: false }])
})

it('writes what we lose, and to whom', () => {
  const page = performancePage(tables(1.5), 'pnpm bench --write')
  expect(page).toContain('| read | 1 µs | rival 0.5 × | – | latchkey 1.5 × | ≤ 2 × the floor |')
  expect(page).toContain('- read: rival 0.5 ×, ours 1.5 ×')
  expect(performancePage(tables(0.4), 'pnpm bench --write')).toContain('No peer is cheaper than ours')
})
