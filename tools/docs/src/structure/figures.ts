import { folderOrder, foldersApart } from './layout.ts'
import { isTest, type SourceFile, targetOf } from './source-files.ts'

/** Something that was measured, and the most that it may be. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly most: number
  /** What is counted, where one can point at it. */
  readonly found: readonly string[]
}

/** What is a configuration file. */
export const configurationFiles: readonly string[] = [
  '**/package.json',
  '**/tsconfig*.json',
  '**/vitest*.ts',
  '**/{turbo,biome,knip}.json',
  '**/{next,oxlint}.config.ts',
  '.oxlintrc.json',
  'pnpm-workspace.yaml',
  '.pnpmfile.mjs',
  '.changeset/config.json',
]

/** Measures what CONTRIBUTING.md promises about the structure of the repository. */
export function figuresOf(files: readonly SourceFile[], configuration: readonly string[]): readonly Figure[] {
  const sources = files.filter(({ path }) => !isTest(path))
  const cycles = cyclesOf(files)
  const upward = upwardImports(sources)
  const linesIn = (pattern: RegExp): number =>
    sources
      .filter(({ path }) => pattern.test(path))
      .reduce((sum, { text }) => sum + (text.match(/\n/g)?.length ?? 0), 0)
  return [
    { name: 'cycles of files, types included', value: cycles.length, most: 0, found: cycles },
    { name: 'imports that look up', value: upward.length, most: 0, found: upward },
    { name: 'configuration files', value: configuration.length, most: 68, found: configuration },
    {
      name: "lines of tools, without tests (most: core's)",
      value: linesIn(/^tools\//),
      most: linesIn(/^packages\/core\/src\//),
      found: [],
    },
  ]
}

/** Imports of a file in a folder of the same package above its own, or in the root. */
function upwardImports(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((specifier) => {
      const target = targetOf(file, specifier)
      return target !== null && looksUp(file.path, target) ? [`${file.path} → ${target}`] : []
    }),
  )
}

function looksUp(from: string, to: string): boolean {
  const [, name = '', folder] = /^packages\/([^/]+)\/src\/(?:([^/]+)\/)?/.exec(from) ?? []
  const [, target] = new RegExp(`^packages/${name}/src/(?:([^/]+)/)?`).exec(to) ?? []
  const order = folderOrder[name]
  const apart = foldersApart[name] ?? []
  if (order === undefined || folder === target) return false
  if (apart.includes(folder ?? '') || apart.includes(target ?? '')) return true
  const [own, other] = [order.indexOf(folder ?? ''), order.indexOf(target ?? '')]
  if (own === -1 && folder !== undefined) return true
  return own > other
}

/** Groups of files that import each other in a circle: each named by its members. */
function cyclesOf(files: readonly SourceFile[]): readonly string[] {
  const known = new Map(files.map((file) => [file.path, file]))
  const next = new Map(
    files.map((file) => [
      file.path,
      file.imports.flatMap((specifier) => targetOf(file, specifier) ?? []).filter((target) => known.has(target)),
    ]),
  )
  // Tarjan's strongly connected components.
  const [index, low] = [new Map<string, number>(), new Map<string, number>()]
  const stack: string[] = []
  const cycles: string[] = []
  const visit = (path: string): void => {
    index.set(path, index.size)
    low.set(path, index.get(path) ?? 0)
    stack.push(path)
    for (const target of next.get(path) ?? []) {
      if (!index.has(target)) visit(target)
      if (stack.includes(target)) low.set(path, Math.min(low.get(path) ?? 0, low.get(target) ?? 0))
    }
    if (low.get(path) !== index.get(path)) return
    const members = stack.splice(stack.indexOf(path))
    if (members.length > 1 || next.get(path)?.includes(path)) cycles.push(members.join(' → '))
  }
  for (const { path } of files) if (!index.has(path)) visit(path)
  return cycles
}
