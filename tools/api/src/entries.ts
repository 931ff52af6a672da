import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Something that users import. */
export interface Entry {
  /** The name by which it is imported. */
  readonly name: string
  readonly source: string
  readonly types: string
}

/** A package that is published, with its entries. */
export interface PublicPackage {
  readonly folder: string
  readonly entries: readonly Entry[]
}

/** The packages of the workspace that are published. */
export function readPublicPackages(root: string): readonly PublicPackage[] {
  return globSync('packages/*/package.json', { cwd: root })
    .sort()
    .map((path) => ({
      folder: join(root, path, '..'),
      manifest: JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest,
    }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => ({ folder, entries: entriesOf(folder, manifest) }))
}

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, string | { readonly 'latchkey:source': string; readonly types: string }>>
}

function entriesOf(folder: string, { name, exports }: Manifest): readonly Entry[] {
  return Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'string'
      ? []
      : [
          {
            name: `${name}${path.slice(1)}`,
            source: join(folder, target['latchkey:source']),
            types: join(folder, target.types),
          },
        ],
  )
}
