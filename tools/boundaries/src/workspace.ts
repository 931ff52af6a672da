import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the rules read of a package.json. */
export interface Manifest {
  readonly name?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** One TypeScript file. Its path is relative to its package and separated by `/`. */
export interface WorkspaceFile {
  readonly path: string
  readonly text: string
}

/** One package of the workspace. Its folder is relative to the root: `packages/core`. */
export interface WorkspacePackage {
  readonly folder: string
  readonly manifest: Manifest
  readonly files: readonly WorkspaceFile[]
}

/** The whole workspace, as plain data. */
export interface Workspace {
  readonly manifest: Manifest
  readonly packages: readonly WorkspacePackage[]
}

/** Reads the manifests and the files below `src` and `test` of every package. */
export function readWorkspace(root: string): Workspace {
  const folders = globSync('{packages,apps,tools}/*', { cwd: root }).map(slashes).sort()
  return {
    manifest: readManifest(root),
    packages: folders
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map((folder) => readPackage(root, folder)),
  }
}

function readPackage(root: string, folder: string): WorkspacePackage {
  const cwd = join(root, folder)
  const paths = globSync('{src,test}/**/*.{ts,tsx,mts,cts}', { cwd }).map(slashes).sort()
  return {
    folder,
    manifest: readManifest(cwd),
    files: paths.map((path) => ({ path, text: readFileSync(join(cwd, path), 'utf8') })),
  }
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/')
}
