import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../../..')

/** Files of an imaginary workspace with the linter's configuration of this one, and the rule that each breaks. */
const files: readonly (readonly [path: string, text: string, rule: string | null])[] = [
  // Arrows between packages.
  ...(
    [
      ['core', 'oidc'],
      ['core', 'emulator'],
      ['oidc', 'core-wink'],
      ['core-wink', 'core-wise'],
      ['core-wink', 'adapter-fastify'],
      ['core-wise', 'oidc'],
      ['core-wise', 'testkit'],
      ['adapter-fastify', 'core-wise'],
      ['adapter-fastify', 'oidc/verify'],
      ['emulator', 'core'],
      ['testkit', 'tool-e2e'],
    ] as const
  ).map(
    ([from, to]) =>
      [`packages/${from}/src/${to}.ts`, `export { x } from '@latchkey/${to}'`, 'restricted-imports'] as const,
  ),
  ['packages/core-wise/src/value.ts', `import { x } from '@latchkey/oidc'; x()`, 'restricted-imports'],
  [
    'packages/core-wise/src/type.ts',
    `import type { X } from '@latchkey/oidc'; export type Y = X`,
    'restricted-imports',
  ],
  ['packages/core-wise/src/bare.ts', `import '@latchkey/oidc'`, 'restricted-imports'],
  ['packages/core-wise/src/later.ts', `export const x = () => import('@latchkey/oidc')`, 'restricted-imports'],
  ['packages/oidc/src/relative.ts', `export { x } from '../../core/src/x.ts'`, 'restricted-imports'],
  ['apps/demo/src/app.ts', `import '@latchkey/emulator'`, 'restricted-imports'],
  ['packages/core-wink/src/good.ts', `import '@latchkey/oidc'; import '@latchkey/core/provider'`, null],
  ['packages/core-wristband/src/good.test.ts', `import '@latchkey/emulator'`, null],
  ['apps/demo/src/run/systems.ts', `import '@latchkey/emulator'`, null],

  // Folders.
  ['packages/core/src/session/up.ts', `export type { X } from '../guard/x.ts'`, 'restricted-imports'],
  ['packages/core/src/model/root.ts', `export type { X } from '../index.ts'`, 'restricted-imports'],
  ['packages/core-wink/src/page/apart.ts', `export type { X } from '../model/x.ts'`, 'restricted-imports'],
  ['packages/core-wink/src/routes/page.ts', `export type { X } from '../page/x.ts'`, 'restricted-imports'],
  ['packages/core/src/guard/down.ts', `export type { X } from '../session/x.ts'`, null],

  // Cycles, by types alone.
  ['packages/core/src/vault/one.ts', `import type { B } from './other.ts'; export type A = B`, 'no-cycle'],
  ['packages/core/src/vault/other.ts', `import type { A } from './one.ts'; export type B = A | 1`, 'no-cycle'],

  // Platform.
  ['packages/core/src/crypto/web.ts', `import 'node:fs'`, 'no-nodejs-modules'],
  ['packages/core/src/http/web.ts', `import 'node:https'`, 'no-nodejs-modules'],
  ['packages/core/src/http/node-addresses.ts', `import 'node:net'`, null],
  ['packages/core-wise/src/module.ts', `import type { X } from 'node:http'; export type Y = X`, 'no-nodejs-modules'],
  ['packages/core-wise/src/buffer.ts', `export const x = Buffer.from('')`, 'restricted-globals'],
  ['packages/core-wise/src/process.ts', 'export const { pid } = process', 'restricted-globals'],
  ['packages/core-wise/src/global.ts', 'export const x = globalThis.process', 'restricted-properties'],
  ['packages/core/src/crypto/node.ts', `import 'node:fs'; export const x = Buffer.from('')`, null],
  ['packages/core/src/request/node.ts', `import 'node:http'`, null],
  ['packages/adapter-fastify/src/node.ts', `import 'node:http'; export const x = process.pid`, null],
  ['packages/core/src/a.test.ts', `import 'node:fs'; export const x = process.pid`, null],
  ['packages/core-wise/src/key.ts', 'export const a = { process: 1 }; export const b = a.process', null],

  // What is published.
  ['packages/core/src/random.ts', 'export const x = Math.random()', 'restricted-properties'],
  ['packages/emulator/src/random.ts', 'export const x = Math.random()', 'restricted-properties'],
  ['packages/core/src/print.ts', `console.log('x')`, 'no-console'],
  ['packages/core/src/default.ts', 'const a = 1; export default a', 'no-default-export'],
  ['packages/core/src/as-default.ts', 'const a = 1; export { a as default }', 'no-default-export'],
  ['packages/core/src/long.ts', '//\n'.repeat(301), 'max-lines'],
  ['packages/core/src/fits.ts', '//\n'.repeat(300), null],
  ['packages/adapter-fastify/src/index.ts', 'const a = 1; export default a', null],
  ['packages/emulator/src/command.ts', `console.info('ready')`, null],
  ['apps/demo/src/print.ts', `console.info('ready')`, null],
]

describe('the linter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-lint-'))
  const found = new Map<string, string[]>()

  beforeAll(() => {
    const layout = 'tools/docs/src/structure/layout.ts'
    for (const path of ['oxlint.config.ts', layout]) cpSync(join(root, path), join(folder, path), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format', 'json', 'packages', 'apps'], {
      cwd: folder,
      encoding: 'utf8',
    })
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] }
    for (const { code, filename } of diagnostics) found.set(filename, [...(found.get(filename) ?? []), code])
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(files)('judges %s', (path, _text, rule) => {
    const codes = found.get(path) ?? []
    if (rule === null) expect(codes).toEqual([])
    else expect(codes).toContainEqual(expect.stringContaining(rule))
  })
})
