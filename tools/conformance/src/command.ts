import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { plans } from './modules/plans.ts'
import { naiveParty } from './naive-client.ts'
import { isStale, pageWith } from './page.ts'
import { latchkeyParty } from './party/latchkey-party.ts'
import { mounts } from './party/mounts.ts'
import { countPassed, failuresOf, runPlans } from './results.ts'
import { resultTable } from './table.ts'

// `pnpm conformance`: every module on every mount. `--control` runs them through a naive client instead, and fails if it
// passes. `--write` puts the table into docs/conformance.md; `--check` fails if another one is there.
const { values } = parseArgs({
  options: { control: { type: 'boolean' }, write: { type: 'boolean' }, check: { type: 'boolean' } },
})
const pagePath = join(import.meta.dirname, '../../../docs/conformance.md')

// Frameworks leave handles behind that would keep the process alive.
process.exit(values.control ? await control() : await conform())

async function conform(): Promise<number> {
  const results = await runPlans(plans, mounts.map(latchkeyParty))
  const table = resultTable(results)
  console.log(table)
  for (const failure of failuresOf(results)) console.error(failure)
  const { passed, total } = countPassed(results)
  const page = readFileSync(pagePath, 'utf8')
  if (values.write) writeFileSync(pagePath, pageWith(page, table))
  const stale = values.check === true && isStale(page, table)
  if (stale) console.error('docs/conformance.md has another table: run `pnpm conformance --write`')
  return passed === total && !stale ? 0 : 1
}

async function control(): Promise<number> {
  const results = await runPlans(plans, [naiveParty])
  const { passed, total } = countPassed(results)
  for (const failure of failuresOf(results)) console.log(failure)
  console.log(`The naive client misses ${total - passed} of ${total} modules.`)
  if (passed < total) return 0
  console.error('It passes everything, so the modules find nothing.')
  return 1
}
