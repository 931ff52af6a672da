import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Example, examplesOf, namePages } from './examples.ts'

const pages = ['README.md', 'CONTRIBUTING.md', 'docs/**/*.md', 'packages/*/README.md']

/** Its blocks are the files of a built app, and compared with them by a test of that package. */
const testedElsewhere = ['packages/adapter-next/README.md']

const shared = {
  noEmit: true,
  types: ['node'],
  declaration: false,
  declarationMap: false,
  isolatedDeclarations: false,
  noUnusedLocals: false,
}

/** The settings of the compiler: `next` for a page with an example in TSX, `node` for every other. */
export const settings: Readonly<Record<'node' | 'next', object>> = {
  // As Node resolves, with what Nest adds to the language.
  node: { ...shared, experimentalDecorators: true, erasableSyntaxOnly: false },
  next: { ...shared, module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx' },
}

/** Compiles every `ts` and `tsx` block of the pages against the built packages. */
export function compileExamples(root: string): { readonly count: number; readonly errors: string } {
  const found = globSync(pages, { cwd: root }).map((path) => path.replaceAll('\\', '/'))
  const paths = found.filter((path) => !testedElsewhere.includes(path))
  const examples = paths.map((path) => examplesOf(path, readFileSync(join(root, path), 'utf8')))
  const isNext = (ofPage: readonly Example[]): boolean => ofPage.some(({ file }) => file.endsWith('.tsx'))
  // Each page by itself: an app has one framework, and what its adapter adds to the types.
  const programs = examples.map((ofPage) => ({
    compilerOptions: isNext(ofPage)
      ? // As Next resolves, with the one alias of its template.
        { ...settings.next, paths: { '@/*': [`./${ofPage[0]?.file.split('/')[0]}/*`] } }
      : settings.node,
    examples: ofPage,
  }))
  return { count: examples.flat().length, errors: compile(programs) }
}

/** Files that are compiled together, by themselves. */
export interface Program {
  readonly compilerOptions: object
  readonly examples: readonly Example[]
}

/** Compiles programs against the built packages; the compiler's output, empty if there is nothing to mend. */
export function compile(programs: readonly Program[]): string {
  // Inside of this package, whose dependencies are those of the examples.
  const folder = mkdtempSync(join(import.meta.dirname, '../examples-'))
  try {
    const folders = programs
      .filter(({ examples }) => examples.length > 0)
      .map((program, index) => layOut(program, join(folder, `${index}`)))
    // All by one run: to read the types of Node and of the frameworks takes longer than to check what uses them.
    const options = ['--build', '--pretty', 'false', ...folders]
    const { status, stdout, stderr, error } = spawnSync('tsc', options, { encoding: 'utf8' })
    if (status !== 0 && !stdout) throw error ?? new Error(stderr)
    return namePages(stdout)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Writes a program into a folder of its own. */
function layOut({ compilerOptions, examples }: Program, folder: string): string {
  for (const { file, code } of examples) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), code)
  }
  const extended = { extends: '../../../../tsconfig.base.json', compilerOptions }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...extended, include: ['**/*.ts', '**/*.tsx'] }))
  return folder
}
