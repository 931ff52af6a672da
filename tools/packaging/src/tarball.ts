import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A package as it would be published. */
export interface Tarball {
  readonly name: string
  readonly path: string
}

/** Packs every public package of the workspace into a folder. What is packed is what was built. */
export function packPublicPackages(root: string, destination: string): readonly Tarball[] {
  return globSync('packages/*/package.json', { cwd: root })
    .sort()
    .map((path) => ({ folder: join(root, path, '..'), manifest: readManifest(join(root, path)) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => {
      const path = join(destination, `${manifest.name.replace('@', '').replace('/', '-')}.tgz`)
      execFileSync('pnpm', ['pack', '--out', path], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
      return { name: manifest.name, path }
    })
}

/** The files of a tarball, without the folder that all of them stand in. */
export function filesIn({ path }: Tarball): readonly string[] {
  const list = execFileSync('tar', ['-tzf', path], { encoding: 'utf8' })
  return list
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.replace(/^package\//, ''))
}

/** The text of a file of a tarball. */
export function readFrom({ path }: Tarball, file: string): string {
  return execFileSync('tar', ['-xzOf', path, `package/${file}`], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 })
}

function readManifest(path: string): { readonly name: string; readonly private?: boolean } {
  return JSON.parse(readFileSync(path, 'utf8')) as { readonly name: string; readonly private?: boolean }
}
