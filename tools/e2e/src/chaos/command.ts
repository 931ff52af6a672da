import { parseArgs } from 'node:util'
import { lineOf, tableHead, totalsOf, totalsText } from './chaos-table.ts'
import { plan } from './faults/plan.ts'
import type { Row } from './row.ts'

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } })
const rows: Row[] = []
console.info(tableHead)
for (const part of plan.filter(({ name }) => name.includes(values.only))) {
  await part.rows((row) => {
    rows.push(row)
    console.info(lineOf(row))
  })
}
console.info(`\n${totalsText(totalsOf(rows))}`)
if (rows.some(({ broken }) => broken.length > 0)) process.exitCode = 1
