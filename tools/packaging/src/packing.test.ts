import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lint } from './lint.ts'
import { packPublicPackages } from './tarball.ts'

const root = join(import.meta.dirname, '../../..')
const manifest = {
  name: '@latchkey/example',
  version: '1.2.3',
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20.19' },
  exports: {
    '.': { 'latchkey:source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
  },
  files: ['dist'],
  scripts: { prepack: 'node ../../tools/prepack.mjs' },
}

let workspace: string
let folder: string

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'latchkey-packing-test-'))
  folder = join(workspace, 'packages/example')
  mkdirSync(join(folder, 'dist'), { recursive: true })
  mkdirSync(join(folder, 'src'))
  for (const file of ['.pnpmfile.mjs', 'tools/prepack.mjs']) cpSync(join(root, file), join(workspace, file))
  write('../../package.json', JSON.stringify({ name: 'workspace', private: true }))
  write('../../pnpm-workspace.yaml', 'packages: [packages/*]\npmOnFail: ignore\nverifyDepsBeforeRun: false\n')
  write('package.json', JSON.stringify(manifest))
  write('LICENSE', 'MIT')
  write('src/index.ts', 'export const one = 1\n')
  write('dist/index.js', 'export const one = 1\n')
  write('dist/index.d.ts', 'export declare const one = 1\n')
  write('dist/other.js', 'export const two = 2\n')
})

afterEach(() => rmSync(workspace, { recursive: true }))

it('packs what is built, without what is for development', async () => {
  const [tarball] = packPublicPackages(workspace, folderFor('packed'))
  expect(tarball && (await lint(tarball))).toEqual([])
})

it.each([[['pack']], [['pack', '--ignore-scripts']]])('packs nothing that is not built: pnpm %j', (options) => {
  rmSync(join(folder, 'dist/index.js'))
  const { status, stderr, stdout } = spawnSync('pnpm', options, { cwd: folder, encoding: 'utf8' })
  expect(status).not.toBe(0)
  expect(stdout + stderr).toContain('@latchkey/example is not built')
})

it('packs nothing with another package manager, which would leave in it what only the workspace knows', () => {
  expect(() => execFileSync('npm', ['pack'], { cwd: folder, stdio: 'pipe', env: environmentOfNpm() })).toThrow(
    'Pack and publish with pnpm',
  )
})

it.each([
  ['types that are missing', 'attw', { '.': { types: './dist/index.d.ts' }, './other': './dist/other.js' }],
  ['conditions in a wrong order', 'publint', { '.': { default: './dist/index.js', types: './dist/index.d.ts' } }],
])('finds %s', async (_, linter, exports) => {
  write('package.json', JSON.stringify({ ...manifest, exports }))
  const [tarball] = packPublicPackages(workspace, folderFor('packed'))
  expect(tarball && (await lint(tarball)).join('\n')).toContain(linter)
})

it('finds what must not be published', async () => {
  write('package.json', JSON.stringify({ ...manifest, description: 'workspace:' }))
  write('dist/one.test.js', '')
  write('dist/index.js.map', JSON.stringify({ sources: ['../src/gone.ts'] }))
  const [tarball] = packPublicPackages(workspace, folderFor('packed'))
  expect(tarball && (await lint(tarball))).toEqual([
    '"workspace:" is left in package.json',
    'dist/one.test.js is a test',
    expect.stringContaining('src/gone.ts is missing'),
  ])
})

function write(file: string, text: string): void {
  writeFileSync(join(folder, file), text)
}

function folderFor(name: string): string {
  const path = join(workspace, name)
  mkdirSync(path)
  return path
}

/** Under pnpm the tests have its name in their environment. */
function environmentOfNpm(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')))
}
