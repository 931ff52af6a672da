import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A package as it would be published. */
export interface Tarball {
  readonly name: string
  readonly path: string
}

/** The folders of the packages that are published, in the order of their names. */
export function packageFolders(root: string): readonly string[] {
  return globSync('packages/*/package.json', { cwd: root })
    .sort()
    .filter((path) => readManifest(join(root, path)).private !== true)
    .map((path) => join(root, path, '..'))
}

/** Packs every public package of the workspace into a folder. What is packed is what was built. */
export function packPublicPackages(root: string, destination: string): readonly Tarball[] {
  return packageFolders(root).map((folder) => {
    const { name } = readManifest(join(folder, 'package.json'))
    const path = join(destination, `${name.replace('@', '').replace('/', '-')}.tgz`)
    execFileSync('pnpm', ['pack', '--out', path], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
    return { name, path }
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
