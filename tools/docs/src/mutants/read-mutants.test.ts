import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mutantsPage } from './mutants-page.ts'
import { blocksOf, type Mutant, mutated, readMutants, toMutant } from './read-mutants.ts'

const root = join(import.meta.dirname, '../../../..')
const block = [
  'A check is broken',
  'packages/core/src/a.ts',
  '- if (a)',
  '-   b()',
  '+ b()',
  '= test/a.test.ts src/b.test.ts',
].join('\n')

describe('a block of the list', () => {
  it('says what is broken where, by which text, and which tests notice', () => {
    expect(toMutant(block, 7)).toEqual({
      number: 7,
      what: 'A check is broken',
      path: 'packages/core/src/a.ts',
      from: 'if (a)\n  b()',
      to: 'b()',
      folder: 'packages/core',
      tests: ['test/a.test.ts', 'src/b.test.ts'],
    })
  })

  it('may name tests of another package', () => {
    const { folder, tests } = toMutant(block.replace(/= .*/, '= packages/oidc/test/a.test.ts'), 1)
    expect([folder, tests]).toEqual(['packages/oidc', ['test/a.test.ts']])
  })

  it.each([
    ['has no tests', block.replace(/\n= .*/, '')],
    ['replaces nothing', block.replaceAll(/\n- .*/g, '')],
    ['has a line that is none of its own', block.replace('\n+ ', '\n~ ')],
  ])('is refused if it %s', (_what, text) => {
    expect(() => toMutant(text, 1)).toThrow('cannot be read')
  })

  it('stands between empty lines, and comments do not count', () => {
    expect(blocksOf('# comment\n\na\nb\n\n\n# c\nd\n')).toEqual(['a\nb', 'd'])
  })
})

describe('a patch', () => {
  it('applies to a text that is there once, and to no other', () => {
    const mutant = toMutant(block, 1)
    expect(mutated('x\nif (a)\n  b()\ny', mutant)).toBe('x\nb()\ny')
    expect(mutated('x', mutant)).toBeNull()
    expect(mutated('if (a)\n  b()\nif (a)\n  b()', mutant)).toBeNull()
  })
})

describe('the list', () => {
  const all = readMutants()

  it('is of 60 mutants at least, each of which changes something', () => {
    expect(all.length).toBeGreaterThanOrEqual(60)
    expect(all.filter(({ from, to }) => from === to)).toEqual([])
  })

  it('names files that exist', () => {
    const named = all.flatMap(({ path, folder, tests }) => [path, ...tests.map((test) => `${folder}/${test}`)])
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('is what the page tells of', () => {
    const page = readFileSync(join(root, 'docs/mutants.md'), 'utf8')
    for (const { what } of all) expect(page).toContain(what.replaceAll('|', '\\|').replaceAll('<', '&lt;'))
  })
})

it('the page has a row for each mutant, and the date', () => {
  const mutant: Mutant = toMutant(block, 7)
  const page = mutantsPage(new Map([[mutant, 'a | test\nof <b>']]), '2026-01-31')
  expect(page).toContain('| 7 | A check is broken | `packages/core/src/a.ts` | a \\| test of &lt;b> |')
  expect(page).toContain('on 2026-01-31')
})
