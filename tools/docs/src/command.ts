import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileExamples } from './compile-examples.ts'
import { readErrorTables } from './error-tables.ts'
import { errorsPage } from './errors-page.ts'

const root = join(import.meta.dirname, '../../..')
const path = join(root, 'docs/errors.md')
const page = errorsPage(await readErrorTables(root))

if (process.argv.includes('--check')) {
  if (textOf(path) !== page) fail('docs/errors.md is not what the source says. Run: pnpm document')
  const { count, errors } = compileExamples(root)
  if (errors !== '') fail(errors)
  console.info(`docs/errors.md compared, ${count} examples compiled.`)
} else {
  writeFileSync(path, page)
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function fail(reason: string): void {
  console.error(reason)
  process.exitCode = 1
}
