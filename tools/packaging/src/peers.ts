import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What apps have beside the peers of a package: Nest runs on a platform, and Next's own peers are for its users. */
const besides: Readonly<Record<string, readonly string[]>> = {
  'adapter-nest': ['@nestjs/platform-express'],
  'adapter-next': ['react', 'react-dom'],
}

/** What an app has that installs a package of ours, in the versions that the package is developed with, as npm takes it. */
export function peersOf(root: string, name: string): readonly string[] {
  const folder = join(root, 'packages', name)
  const { peerDependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  return [...Object.keys(peerDependencies), ...(besides[name] ?? [])]
    .filter((peer) => !/^@(?:latchkey|types)\//.test(peer))
    .map((peer) => `${peer}@${versionIn(join(folder, 'node_modules', peer))}`)
}

interface Manifest {
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** The version of a package in its folder. */
export function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string }).version
}
