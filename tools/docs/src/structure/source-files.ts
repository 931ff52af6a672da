import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/** A file of the repository, as far as its structure goes. */
export interface SourceFile {
  /** From the root of the repository, with `/`. */
  readonly path: string
  readonly text: string
  /** Specifiers of all imports and re-exports, dynamic ones and those of types too. */
  readonly imports: readonly string[]
}

/** Reads files of the repository by patterns; what is built or installed is left out. */
export function readSources(root: string, patterns: readonly string[]): readonly SourceFile[] {
  const exclude = ['**/node_modules/**', '**/dist/**', '**/.next*/**']
  return globSync([...patterns], { cwd: root, exclude })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => sourceFile(path, readFileSync(join(root, path), 'utf8')))
}

/** Reads one file. */
export function sourceFile(path: string, text: string): SourceFile {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
  const found = code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*(['"])([^'"\n]+)\1/g)
  return { path, text, imports: [...found].map(([, , specifier = '']) => specifier) }
}

/** Whether a file is a test, or serves tests alone. */
export function isTest(path: string): boolean {
  return /\.test(?:-d)?\.tsx?$|\/test\//.test(path)
}

/** The file that a relative import leads to. */
export function targetOf({ path }: SourceFile, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null
}
