import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A package as it would be published. */
export interface Tarball {
  readonly name: string
  readonly path: string
  /** The folder that it is unpacked in. */
  readonly folder: string
}

/** Packs every public package of the workspace into a folder. What is packed is what was built. */
export function packPublicPackages(root: string, destination: string): readonly Tarball[] {
  const names = publicPackages(root)
  const filters = names.flatMap((name) => ['--filter', name])
  execFileSync('pnpm', ['--silent', ...filters, '--recursive', 'pack', '--out', join(destination, '%s.tgz')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return names.map((name) => {
    const file = name.replace('@', '').replace('/', '-')
    const tarball = { name, path: join(destination, `${file}.tgz`), folder: join(destination, file) }
    mkdirSync(tarball.folder)
    execFileSync('tar', ['-xzf', tarball.path, '-C', tarball.folder, '--strip-components=1'])
    return tarball
  })
}

/** The names of the packages that are published. */
function publicPackages(root: string): readonly string[] {
  return globSync('packages/*/package.json', { cwd: root })
    .sort()
    .map((path) => JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest)
    .filter((manifest) => manifest.private !== true)
    .map(({ name }) => name)
}

interface Manifest {
  readonly name: string
  readonly private?: boolean
}

/** The files of a tarball. */
export function filesIn({ folder }: Tarball): readonly string[] {
  return globSync('**', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
}

/** The text of a file of a tarball. */
export function readFrom({ folder }: Tarball, file: string): string {
  return readFileSync(join(folder, file), 'utf8')
}
