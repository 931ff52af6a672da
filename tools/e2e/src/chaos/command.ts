import { parseArgs } from 'node:util'
import { lineOf, tableHead, totalsOf, totalsText } from './chaos-table.ts'
import { planOf } from './faults/plan.ts'
import type { Row } from './row.ts'

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, short: { type: 'boolean' } } })
const rows: Row[] = []
console.info(tableHead)
const plan = planOf({ isShort: values.short === true, checkedAnswers: 100_000 })
for (const part of plan.filter(({ name }) => name.includes(values.only))) {
  const begun = performance.now()
  await part.run({
    checked: () => totalsOf(rows).checked,
    row(row) {
      rows.push(row)
      console.info(lineOf(row))
    },
  })
  console.error(part.name, Math.round((performance.now() - begun) / 1000))
}
console.info(`\n${totalsText(totalsOf(rows))}`)
if (rows.some(({ broken }) => broken.length > 0)) process.exitCode = 1
