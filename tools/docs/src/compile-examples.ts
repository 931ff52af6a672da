import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { examplesOf, namePages } from './examples.ts'

const pages = ['README.md', 'CONTRIBUTING.md', 'docs/**/*.md', 'packages/*/README.md']

const settings = {
  extends: '../../../tsconfig.base.json',
  compilerOptions: {
    noEmit: true,
    types: ['node'],
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    noUnusedLocals: false,
  },
  include: ['*.ts'],
}

/** Compiles every `ts` block of the pages against the built packages. */
export function compileExamples(root: string): { readonly count: number; readonly errors: string } {
  const paths = globSync(pages, { cwd: root }).map((path) => path.replaceAll('\\', '/'))
  const examples = paths.flatMap((path) => examplesOf(path, readFileSync(join(root, path), 'utf8')))
  if (examples.length === 0) return { count: 0, errors: '' }

  // Inside of this package, whose dependencies are those of the examples.
  const folder = mkdtempSync(join(import.meta.dirname, '../examples-'))
  try {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
    for (const { file, code } of examples) writeFileSync(join(folder, file), code)
    const { stdout } = spawnSync('tsc', ['-p', folder], { encoding: 'utf8' })
    return { count: examples.length, errors: namePages(stdout) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
