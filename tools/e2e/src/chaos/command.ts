import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chaosPage, lineOf, tableHead, totalsText } from './chaos-table.ts'
import { runChaos } from './run-chaos.ts'

const { values } = parseArgs({
  options: {
    /** What the names of the parts have in them: `common`, `failover`, `deploy`, `secrets`, `clocks`, `identities`. */
    only: { type: 'string' },
    short: { type: 'boolean', default: false },
    /** Writes docs/chaos.md after a whole run. */
    write: { type: 'boolean', default: false },
  },
})
const mostMinutes = 10
const watchdog = setTimeout(() => {
  console.error(`It takes longer than ${mostMinutes} minutes.`)
  process.exit(1)
}, mostMinutes * 60_000)

const startedAt = performance.now()
const { only, short: isShort } = values
console.info(tableHead)
const { rows, broken } = await runChaos(
  { isShort, checkedAnswers: isShort ? 5000 : 100_000, ...(only !== undefined && { only }) },
  (row) => console.info(lineOf(row)),
)
clearTimeout(watchdog)
const minutes = Math.ceil((performance.now() - startedAt) / 60_000)
console.info(`\n${totalsText(rows)} It took less than ${minutes} minutes.`)
for (const promise of broken) console.error(`Broken: ${promise}`)
if (broken.length > 0) process.exitCode = 1
if (values.write && only === undefined && !isShort) {
  const page = chaosPage(rows, { date: new Date().toISOString().slice(0, 10), minutes })
  writeFileSync(join(import.meta.dirname, '../../../../docs/chaos.md'), page)
}
