import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkGates, type GateResult, gates } from './harness/gates.ts'
import type { GroupOrder } from './harness/group-process.ts'
import { performancePage } from './harness/page.ts'
import { runGroup } from './harness/run-group.ts'
import type { Table } from './harness/table.ts'
import { figure, tableText } from './harness/table-text.ts'

// `pnpm bench`: the built packages beside a floor and the libraries that an app could use in their place.
const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    /** Writes docs/performance.md. */
    write: { type: 'boolean', default: false },
    /** Fails when ours costs more than a gate allows. */
    check: { type: 'boolean', default: false },
    /** Groups, with a comma between. */
    group: { type: 'string', default: 'session,jwt,wise,login,requests,load,sign-in,start,size' },
    /** What the names of the operations have in them; of the groups that are timed in one process. */
    only: { type: 'string' },
  },
})

const efforts = {
  check: { rounds: 3, milliseconds: 12, warmUpMilliseconds: 250 },
  quick: { rounds: 5, milliseconds: 20, warmUpMilliseconds: 500 },
  full: { rounds: 11, milliseconds: 50, warmUpMilliseconds: 1000 },
} as const
const tries = 3

if (values.check) await check()
else await bench(values.full ? 'full' : 'quick')

async function bench(size: 'quick' | 'full'): Promise<void> {
  const tables: Table[] = []
  for (const group of values.group.split(',')) {
    const found = await runGroup(orderOf(group, size))
    for (const table of found) console.info(`\n${tableText(table)}`)
    tables.push(...found)
  }
  if (!values.write) return
  const page = performancePage(tables, `pnpm bench${size === 'full' ? ' --full' : ''} --write`)
  writeFileSync(join(import.meta.dirname, '../../../docs/performance.md'), page)
}

/** A busy machine spoils a run, but not three: the best counts. */
async function check(): Promise<void> {
  let results: readonly GateResult[] = gates.map((gate) => ({ gate, ratio: Number.NaN, holds: false }))
  for (let rest = tries; rest > 0 && results.some(({ holds }) => !holds); rest -= 1) {
    const failing = new Set(results.flatMap(({ gate, holds }) => (holds ? [] : gate.group)))
    const tables: Table[] = []
    for (const group of failing) tables.push(...(await runGroup(orderOf(group, 'check'))))
    results = checkGates(gates, tables, results)
  }
  for (const { gate, ratio, holds } of results) {
    const limit = `${figure(ratio)} × ${gate.against} (at most ${gate.most})`
    console.info(`${holds ? 'ok  ' : 'FAIL'} ${gate.operation}: ${gate.ours} ${limit}`)
  }
  if (results.some(({ holds }) => !holds)) process.exitCode = 1
}

function orderOf(group: string, size: GroupOrder['size']): GroupOrder {
  return { group, size, only: values.only, ...efforts[size] }
}
