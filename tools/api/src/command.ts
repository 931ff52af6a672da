import { join } from 'node:path'
import { checkDocumentation } from './check-documentation.ts'
import { readPublicPackages } from './entries.ts'
import { reportApi } from './reports.ts'

// `pnpm api` writes what each entry exports; `--check` compares, and reads all doc comments with TypeDoc.
const root = join(import.meta.dirname, '../../..')
const isCheck = process.argv.includes('--check')
const packages = readPublicPackages(root)

const changed = packages.flatMap((one) => reportApi(one, root, isCheck))
for (const entry of changed) console.error(`The report of ${entry} is not what it exports. Run: pnpm api`)
const wrong = isCheck ? await checkDocumentation(root, packages) : 0
if (changed.length + wrong > 0) process.exitCode = 1
else if (isCheck) console.info(`${packages.flatMap(({ entries }) => entries).length} entries compared and read.`)
