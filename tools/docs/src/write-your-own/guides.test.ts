import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { installWithNpm, packPublicPackages, plainShell, type Tarball } from '@latchkey/tool-packaging'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPrograms } from '../ten-minutes/guide.ts'

const root = join(import.meta.dirname, '../../../..')
const packages = ['@latchkey/core', '@latchkey/testkit']
let folder: string
let tarballs: readonly Tarball[]

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-write-your-own-'))
  tarballs = packPublicPackages(root, folder).filter(({ name }) => packages.includes(name))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** An empty folder with what a guide shows, and what it has installed: the packages as they would be published. */
function follow(page: string): string {
  const project = join(folder, page.replace('.md', ''))
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }))
  installWithNpm(
    plainShell(project),
    tarballs.map(({ path }) => path),
  )
  for (const program of readPrograms(readFileSync(join(root, 'docs/guides', page), 'utf8'))) {
    const path = /^\/\/ (\S+)\r?\n/.exec(program)?.[1]
    if (path === undefined) continue
    mkdirSync(dirname(join(project, path)), { recursive: true })
    writeFileSync(join(project, path), program)
  }
  return project
}

describe('outside of this repository', () => {
  it.each([
    ['write-a-provider.md', 'providerContract', 37],
    ['write-an-adapter.md', 'adapterContract', 40],
    ['write-a-store.md', 'storeContract', 25],
  ])(
    'the example of %s passes %s',
    (page, _suite, atLeast) => {
      const project = follow(page)
      const output = plainShell(project)(process.execPath, ['--test', '--test-reporter=tap'])
      const count = (what: string): number => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1])
      expect(count('tests')).toBeGreaterThanOrEqual(atLeast)
      expect([count('pass'), count('fail')]).toEqual([count('tests'), 0])
    },
    120_000,
  )

  it('a provider that takes an outage for the end of a sign-in fails there', () => {
    const project = join(folder, 'write-a-provider')
    const file = join(project, 'src/acme-provider.ts')
    const failed = "return { kind: 'failed', code: error.code }"
    const text = readFileSync(file, 'utf8')
    expect(text).toContain(failed)
    writeFileSync(file, text.replace(failed, "return { kind: 'ended', reason: 'out' }"))
    expect(() => plainShell(project)(process.execPath, ['--test', '--test-reporter=tap'])).toThrow('Command failed')
  }, 120_000)
})
