import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What a package manager brought into a project. */
export interface Installed {
  /** The name of each copy of a package. */
  readonly packages: readonly string[]
  readonly bytes: number
}

/** Counts what is installed in a project, each file once however often it is linked; or packed, where Yarn keeps it so. */
export function installedIn(project: string): Installed {
  const root = ['node_modules', '.yarn/cache'].map((folder) => join(project, folder)).find(existsSync)
  const files = root === undefined ? [] : [...filesBelow(root)]
  return {
    packages: files.flatMap((file) => packageOf(file.replaceAll('\\', '/')) ?? []),
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
  }
}

/** Without following links, as `recursive` does. */
function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(path)
    else if (entry.isFile()) yield path
  }
}

/** The name of the package whose manifest a file is, or whose archive. */
function packageOf(file: string): string | undefined {
  return (
    /\/node_modules\/((?:@[^/]+\/)?[^/@.][^/]*)\/package\.json$/.exec(file)?.[1] ??
    /([^/]+)-npm-[^/]+\.zip$/.exec(file)?.[1]
  )
}

/** A million bytes each, to a tenth. */
export function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1)
}
