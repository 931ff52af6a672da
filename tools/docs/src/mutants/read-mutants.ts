import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One check that is broken, and the tests that must notice. */
export interface Mutant {
  /** Its place in the list, from 1. */
  readonly number: number
  /** What is broken, in words. */
  readonly what: string
  /** The file that is changed, from the root of the repository. */
  readonly path: string
  /** A text that the file holds exactly once. */
  readonly from: string
  readonly to: string
  /** The folder in which the tests run, from the root: the package that has them. */
  readonly folder: string
  /** Files of tests, from that folder. */
  readonly tests: readonly string[]
}

/** Reads the list: every `*.mutants` file in this folder, in the order of their names. */
export function readMutants(): readonly Mutant[] {
  const blocks = globSync('*.mutants', { cwd: import.meta.dirname })
    .sort()
    .flatMap((name) => blocksOf(readFileSync(join(import.meta.dirname, name), 'utf8')))
  return blocks.map((block, index) => toMutant(block, index + 1))
}

/** The blocks of a list: between empty lines, without lines that begin with `#`. */
export function blocksOf(list: string): readonly string[] {
  const text = list.replaceAll(/^#.*\n/gm, '')
  return text.split(/\n{2,}/).flatMap((block) => block.trim() || [])
}

/**
 * Reads one block: what is broken; the file; lines of the text that is replaced, after `- `; lines of what replaces it,
 * after `+ `; files of tests after `= `, from the package of the file, or from the root where another package has them.
 */
export function toMutant(block: string, number: number): Mutant {
  const [what = '', path = '', ...lines] = block.split('\n')
  const after = (mark: string): readonly string[] =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(2))
  const own = folderOf(path)
  const tests = after('=').flatMap((line) => line.split(' '))
  const folder = folderOf(tests[0] ?? '') ?? own
  const known = lines.every((line) => /^[-+=](?: |$)/.test(line))
  if (own === undefined || folder === undefined || tests.length === 0 || !known || after('-').length === 0) {
    throw new Error(`This block of the list of mutants cannot be read:\n${block}`)
  }
  return {
    number,
    what,
    path,
    from: after('-').join('\n'),
    to: after('+').join('\n'),
    folder,
    tests: tests.map((test) => test.replace(`${folder}/`, '')),
  }
}

function folderOf(path: string): string | undefined {
  return /^(?:packages|apps|tools)\/[^/]+(?=\/)/.exec(path)?.[0]
}

/** The text of a file with the check broken; null if the file does not hold the text exactly once. */
export function mutated(text: string, { from, to }: Mutant): string | null {
  const parts = text.split(from)
  return parts.length === 2 ? parts.join(to) : null
}
