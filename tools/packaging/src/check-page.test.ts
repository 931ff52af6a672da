import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkPage } from './check-page.ts'

const address = 'https://github.com/example/example'
const repository = { type: 'git', url: `git+${address}.git` }
const manifest = {
  name: '@latchkey/example',
  author: 'Example contributors',
  repository: { ...repository, directory: 'packages/example' },
  bugs: { url: `${address}/issues` },
  homepage: `${address}/tree/main/packages/example#readme`,
  keywords: ['example'],
  dependencies: { jose: '^6.0.0', '@latchkey/other': '^1.0.0' },
  peerDependencies: { express: '^4.21.0 || ^5.0.0' },
}
const readme = `# Example

\`\`\`ts
console.log('Hello')
\`\`\`

[A page](${address}/blob/main/docs/page.md#part), [another site](https://other.example)
`

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'latchkey-page-'))
  write('package.json', JSON.stringify({ author: 'Example contributors', repository }))
  write('docs/page.md', '# Page')
  write('packages/other/package.json', '{}')
  write('packages/example/package.json', '{}')
})
afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

function check(changes: object = {}, page = readme): readonly string[] {
  write('packed/package.json', JSON.stringify({ ...manifest, ...changes }))
  write('packed/README.md', page)
  return checkPage({ name: manifest.name, path: '', folder: join(root, 'packed') }, root)
}

it('finds nothing in a page that says where all is', () => {
  expect(check()).toEqual([])
})

it.each([
  ['no author', { author: undefined }, '"author" of package.json must be "Example contributors"'],
  ['another folder', { repository }, '"repository" of package.json must be'],
  ['another place for bugs', { bugs: { url: `${address}/bugs` } }, '"bugs" of package.json must be'],
  ['another page', { homepage: address }, '"homepage" of package.json must be'],
  ['no keywords', { keywords: [] }, 'package.json has no keywords'],
  ['a fixed version', { dependencies: { jose: '6.0.0' } }, 'jose: "6.0.0" is no range that begins with ^'],
  ['an open range', { peerDependencies: { express: '^4.21.0 || >=5' } }, 'is no range that begins with ^'],
  ['a package that is not there', { dependencies: { '@latchkey/gone': '^1.0.0' } }, '@latchkey/gone is not published'],
])('finds %s in a manifest', (_, changes, finding) => {
  expect(check(changes)).toEqual([expect.stringContaining(finding)])
})

it('finds a private package among the dependencies', () => {
  write('packages/other/package.json', '{ "private": true }')
  expect(check()).toEqual(['@latchkey/other is not published'])
})

it.each([
  ['a relative link', `${readme}[x](../other)`, 'README.md: ../other is relative'],
  ['a link to nothing', `${readme}[x](${address}/blob/main/docs/gone.md)`, 'README.md: there is no docs/gone.md'],
  ['no program', '# Example', 'README.md has no program'],
])('finds %s in a README', (_, page, finding) => {
  expect(check({}, page)).toEqual([finding])
})

it('finds a changelog that is not packed', () => {
  write('packages/example/CHANGELOG.md', '# Changes')
  expect(check()).toEqual(['CHANGELOG.md is missing'])
  write('packed/CHANGELOG.md', '# Changes')
  expect(check()).toEqual([])
})
