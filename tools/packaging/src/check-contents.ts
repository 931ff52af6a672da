import { filesIn, readFrom, type Tarball } from './tarball.ts'

const ours = ['latchkey:source', 'workspace:', 'catalog:']

/** What must not be published, and what must. Each finding is a sentence. */
export function checkContents(tarball: Tarball): readonly string[] {
  const files = filesIn(tarball)
  const manifest = readFrom(tarball, 'package.json')
  return [
    ...ours
      .filter((term) => manifest.includes(term))
      .map((term) => `package.json says "${term}", which only this workspace knows`),
    ...files.filter((file) => /\.test\.|(?:^|\/)test\//.test(file)).map((file) => `${file} is a test`),
    ...files.filter((file) => file.startsWith('src/')).map((file) => `${file} is a source`),
    ...['LICENSE', 'dist/index.js', 'dist/index.d.ts']
      .filter((file) => !files.includes(file))
      .map((file) => `${file} is missing`),
    ...files
      .filter((file) => file.endsWith('.js.map') && !holdsItsSources(tarball, file))
      .map((file) => `${file} names sources that are not there`),
  ]
}

function holdsItsSources(tarball: Tarball, file: string): boolean {
  const { sourcesContent } = JSON.parse(readFrom(tarball, file)) as { sourcesContent?: readonly unknown[] }
  return sourcesContent !== undefined
}
