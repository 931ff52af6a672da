import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packPublicPackages } from '../tarball.ts'
import { compilerIn, makeConsumer } from './consumer.ts'

// `pnpm typescript-matrix` compiles what users write against the tarballs, with `skipLibCheck: false`, and prints a table.
// `--ends` takes the lowest and the highest version, each once as Node resolves and once as bundlers do.
const all = ['5.8', '5.9', '6', '7']
const resolutions = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
}

/** Types of Next do not compile by themselves. */
const fail = /^(?!node_modules\/next\/).+error TS/

const isShort = process.argv.includes('--ends')
const versions = isShort ? all.filter((_, index) => index === 0 || index === all.length - 1) : all
const root = join(import.meta.dirname, '../../../..')
const folder = mkdtempSync(join(tmpdir(), 'latchkey-typescript-'))
try {
  const project = join(folder, 'project')
  const files = makeConsumer(root, project, { tarballs: packPublicPackages(root, folder), versions })
  const columns = Object.entries(resolutions).flatMap(([name, options]) =>
    // Off where Node resolves, and on where bundlers do, is in the whole table.
    [true, false]
      .filter((isExact) => !isShort || isExact === (name === 'nodenext'))
      .map((isExact) => ({
        name: `${name}, ${isExact ? 'exact' : 'not exact'}`,
        tsconfig: {
          compilerOptions: {
            ...options,
            target: 'es2023',
            strict: true,
            noEmit: true,
            skipLibCheck: false,
            exactOptionalPropertyTypes: isExact,
            types: ['node'],
          },
          files: isExact ? [...files, 'exact.ts'] : files,
        },
      })),
  )
  console.info(`| TypeScript | ${columns.map(({ name }) => name).join(' | ')} |\n|---|${'---|'.repeat(columns.length)}`)
  for (const version of versions) {
    const cells = columns.map(({ tsconfig }) => compile(project, version, tsconfig))
    console.info(`| ${version} | ${cells.map((errors) => (errors.length === 0 ? 'ok' : errors.length)).join(' | ')} |`)
    for (const error of new Set(cells.flat())) console.error(`  ${error}`)
    if (cells.flat().length > 0) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true })
}

/** What is wrong, as far as users could not pass it by; empty if nothing is. */
function compile(project: string, version: string, tsconfig: object): readonly string[] {
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(tsconfig))
  const { stdout, status } = spawnSync(
    process.execPath,
    [compilerIn(project, version), '-p', project, '--pretty', 'false'],
    {
      cwd: project,
      encoding: 'utf8',
    },
  )
  if (status === null || (status !== 0 && !stdout.includes('error TS'))) throw new Error(`tsc ${version}: ${stdout}`)
  return stdout.split(/\r?\n/).filter((line) => fail.test(line))
}
