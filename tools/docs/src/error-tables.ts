import { globSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** One row of a package's table of errors. */
export interface ErrorRow {
  readonly code: string
  readonly status: number
  readonly message: string
  readonly hint: string
}

/** The errors of one package. */
export interface ErrorTable {
  readonly package: string
  readonly rows: readonly ErrorRow[]
}

type Definitions = Readonly<Record<string, Omit<ErrorRow, 'code'>>>

/** Reads the tables of all packages from their sources: run with `--conditions=latchkey:source`. */
export async function readErrorTables(root: string): Promise<readonly ErrorTable[]> {
  const paths = globSync('packages/*/src/{,errors/,model/}*errors.ts', { cwd: root })
  const tables = await Promise.all(
    paths.map(async (path) => {
      const module = (await import(pathToFileURL(join(root, path)).href)) as Readonly<Record<string, unknown>>
      return { package: `@latchkey/${path.split(/[\\/]/)[1]}`, rows: Object.values(module).flatMap(rowsOf) }
    }),
  )
  return tables.toSorted((one, other) => (one.package < other.package ? -1 : 1))
}

function rowsOf(factory: unknown): readonly ErrorRow[] {
  const { definitions = {} } = factory as { readonly definitions?: Definitions }
  return Object.entries(definitions).map(([code, definition]) => ({ code, ...definition }))
}
