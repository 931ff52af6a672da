import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compile, settings } from './compile-examples.ts'

const folder = join(import.meta.dirname, '../contract')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

/** Compiles one file as an app of its own, against the built packages. */
const compileAlone = (code: string): string =>
  compile([{ compilerOptions: settings.node, examples: [{ file: 'app/app.ts', code }] }])

describe('what users write compiles against the packages, and what must not does not', () => {
  it.each(
    globSync('*.test-d.ts', { cwd: folder })
      .map((path) => basename(path))
      .sort(),
  )('%s', (name) => {
    expect(compileAlone(read(name))).toBe('')
  })

  it.each([
    ['an unknown requirement', "provider: 'wink', maxAuthAgeSeconds: 300", "provider: 'wink', maxAgeSeconds: 300"],
    ['another decision', "{ action: 'deny' }", "{ action: 'refuse' }"],
    ['a member that is undefined', '  identity.profile.tag satisfies', '  identity.profile.tag.length satisfies'],
  ])('a control: %s would be seen', (_, good, bad) => {
    const text = read('stories.test-d.ts')
    const broken = text.replaceAll(good.trim(), bad.trim())
    expect(broken).not.toBe(text)
    expect(compileAlone(broken)).toContain('error TS')
  })
})
