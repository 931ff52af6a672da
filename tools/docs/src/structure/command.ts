import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { findingsIn, findingsInManifest, type Manifest } from './boundaries.ts'
import { configurationFiles, figuresOf } from './figures.ts'
import { readSources } from './source-files.ts'

// `pnpm structure`: prints what CONTRIBUTING.md promises about the structure of the repository, and fails without it.
const root = join(import.meta.dirname, '../../../..')
const files = readSources(root, ['{packages,apps,tools}/**/*.{ts,tsx,mjs}'])
const exclude = ['**/node_modules/**', '**/dist/**', '**/.next*/**']
const configuration = globSync([...configurationFiles], { cwd: root, exclude }).sort()

for (const { name, value, most, found } of figuresOf(files, configuration)) {
  console.info(`${value <= most ? 'ok  ' : 'FAIL'} ${name}: ${value} (at most ${most})`)
  if (value > most) fail(found)
}

const manifests = new Map(
  globSync('packages/*/package.json', { cwd: root }).map((path) => [
    basename(join(path, '..')),
    JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest,
  ]),
)
const findings = [
  ...[...manifests].flatMap(([name, manifest]) => findingsInManifest(name, manifest)),
  ...files.flatMap((file) => findingsIn(file, manifests.get(file.path.split('/')[1] ?? '') ?? {})),
]
console.info(`${findings.length === 0 ? 'ok  ' : 'FAIL'} boundaries that the linter does not see: ${findings.length}`)
fail(findings)

function fail(found: readonly string[]): void {
  for (const line of found) console.error(`  ${line}`)
  if (found.length > 0) process.exitCode = 1
}
