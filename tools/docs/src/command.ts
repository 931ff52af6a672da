import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileExamples } from './compile-examples.ts'
import { readErrorTables } from './error-tables.ts'
import { errorsPage } from './errors-page.ts'
import { readEventTables } from './event-tables.ts'
import { eventsPage } from './events-page.ts'
import { knownCodesModule } from './known-codes.ts'

const root = join(import.meta.dirname, '../../..')
const tables = await readErrorTables(root)
const made: Readonly<Record<string, string>> = {
  'docs/errors.md': errorsPage(tables),
  'docs/events.md': eventsPage(readEventTables(root)),
  'packages/opentelemetry/src/known-codes.ts': knownCodesModule(tables),
}

if (process.argv.includes('--check')) {
  for (const [path, text] of Object.entries(made)) {
    if (textOf(path) !== text) fail(`${path} is not what the source says. Run: pnpm document`)
  }
  const { count, errors } = compileExamples(root)
  if (errors !== '') fail(errors)
  console.info(`${Object.keys(made).join(', ')} compared, ${count} examples compiled.`)
} else {
  for (const [path, text] of Object.entries(made)) writeFileSync(join(root, path), text)
}

function textOf(path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return null
  }
}

function fail(reason: string): void {
  console.error(reason)
  process.exitCode = 1
}
