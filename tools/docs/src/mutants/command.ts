import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { copyCheckout } from './checkout.ts'
import { mutantsPage } from './mutants-page.ts'
import { type Mutant, mutated, readMutants } from './read-mutants.ts'
import { runTests, type TestRun } from './run-tests.ts'

const root = join(import.meta.dirname, '../../../..')

/** For the tests of one mutant, and for those of all before anything is broken. */
const seconds = { one: 120, all: 600 }

const { values } = parseArgs({
  options: {
    /** Numbers from the table: `7`, `7,9` or `7-12`. */
    only: { type: 'string' },
    /** The name of a folder, such as `core`: mutants of that package. */
    package: { type: 'string' },
    /** Writes docs/mutants.md after a whole run. */
    write: { type: 'boolean', default: false },
  },
})

const all = readMutants()
const chosen = all.filter((mutant) => isChosen(mutant))
if (chosen.length === 0) stop('No mutant is chosen.')
const stale = chosen.filter((mutant) => !applies(mutant))
for (const { number, what, path } of stale) {
  console.error(`${number}. ${what}: ${path} does not hold its text exactly once. Bring the patch up to date.`)
}
if (stale.length > 0) stop(`${stale.length} of ${chosen.length} patches do not apply.`)

const copy = copyCheckout(root)
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))
process.on('SIGINT', () => process.exit(130))
const survivors: string[] = []
const killers = new Map<Mutant, string>()
await requirePassing()
for (const mutant of chosen) {
  const run = await runBroken(mutant)
  if (run.kind === 'failed') killers.set(mutant, run.test)
  else survivors.push(`${mutant.number}. ${mutant.what} (${mutant.path})`)
  console.info(line(mutant, run))
}
console.info(`${killers.size} of ${chosen.length} mutants were killed.`)
if (survivors.length > 0) stop(`Not killed:\n${survivors.join('\n')}`)
if (values.write && chosen.length === all.length) {
  writeFileSync(join(root, 'docs/mutants.md'), mutantsPage(killers, new Date().toISOString().slice(0, 10)))
}

function isChosen({ number, path }: Mutant): boolean {
  const ranges = values.only?.split(',').map((range) => range.split('-').map(Number)) ?? []
  const isListed = ranges.some(([first = 0, last = first]) => number >= first && number <= last)
  const isOfPackage = values.package === undefined || path.split('/')[1] === values.package
  return isOfPackage && (values.only === undefined || isListed)
}

function applies(mutant: Mutant): boolean {
  const path = join(root, mutant.path)
  return existsSync(path) && mutated(readFileSync(path, 'utf8'), mutant) !== null
}

/** Tests that fail anyway would kill anything. */
async function requirePassing(): Promise<void> {
  for (const folder of new Set(chosen.map((mutant) => mutant.folder))) {
    const tests = new Set(chosen.filter((mutant) => mutant.folder === folder).flatMap((mutant) => mutant.tests))
    const run = await runTests(copy, { folder, tests: [...tests], seconds: seconds.all })
    if (run.kind !== 'passed') stop(`The tests of ${folder} do not pass as they are:\n${detail(run)}`)
  }
}

async function runBroken(mutant: Mutant): Promise<TestRun> {
  const path = join(copy, mutant.path)
  const whole = readFileSync(path, 'utf8')
  writeFileSync(path, mutated(whole, mutant) ?? whole)
  const run = await runTests(copy, { ...mutant, seconds: seconds.one })
  writeFileSync(path, whole)
  return run
}

function line({ number, what }: Mutant, run: TestRun): string {
  const words = { passed: 'SURVIVED', failed: 'killed', broken: 'BROKEN', late: 'TOO LATE' }
  return `${words[run.kind].padEnd(8)} ${number}. ${what}${detail(run) === '' ? '' : `\n         by: ${detail(run)}`}`
}

function detail(run: TestRun): string {
  if (run.kind === 'passed') return ''
  return run.kind === 'failed' ? run.test : run.output
}

function stop(reason: string): never {
  console.error(reason)
  process.exit(1)
}
