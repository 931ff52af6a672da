import { posix } from 'node:path'
import { filesIn, readFrom, type Tarball } from './tarball.ts'

const knownHereOnly = ['latchkey:source', 'workspace:', 'catalog:']
const needed = ['LICENSE', 'dist/index.js', 'dist/index.d.ts']

/** What must not be published, and what must. Each finding is a sentence. */
export function checkContents(tarball: Tarball): readonly string[] {
  const files = filesIn(tarball)
  const manifest = readFrom(tarball, 'package.json')
  const maps = files.filter((file) => file.endsWith('.map'))
  const targets = new Set(maps.flatMap((map) => sourcesOf(tarball, map)))
  return [
    ...knownHereOnly.filter((term) => manifest.includes(term)).map((term) => `"${term}" is left in package.json`),
    ...needed.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
    ...files.filter((file) => /\.test\.|(?:^|\/)test\//.test(file)).map((file) => `${file} is a test`),
    ...[...targets]
      .filter((file) => !files.includes(file))
      .map((file) => `${file} is missing, and source maps name it. Was it removed? Then remove dist and build again`),
  ]
}

function sourcesOf(tarball: Tarball, map: string): readonly string[] {
  const { sources } = JSON.parse(readFrom(tarball, map)) as { sources: readonly string[] }
  return sources.map((source) => posix.join(posix.dirname(map), source))
}
