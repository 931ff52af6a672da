import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasTitle, readClaims } from './threat-model.ts'

const root = join(import.meta.dirname, '../../..')
const claims = readClaims(readFileSync(join(root, 'docs/threat-model.md'), 'utf8'))
const rows = claims.map((claim) => [`${claim.attacker}: ${claim.attempt}`, claim] as const)

describe('each claim of the threat model', () => {
  it('is read', () => {
    expect(claims.length).toBeGreaterThan(30)
  })

  it.each(rows)('is held by tests that exist: %s', (_what, { tests }) => {
    expect(tests.length).toBeGreaterThan(0)
    const missing = tests.filter(({ path, title }) => {
      const file = join(root, path)
      return !path.endsWith('.test.ts') || !existsSync(file) || !hasTitle(readFileSync(file, 'utf8'), title)
    })
    expect(missing).toEqual([])
  })
})

describe('a table of claims', () => {
  const page = [
    '## Claims',
    '',
    '| attacker | what they try | what stops them | tests |',
    '|---|---|---|---|',
    '| a | tries | stops | `a.test.ts` › "one"<br>`b.test.ts` › "`two`, three" |',
    '| b | tries | stops | `no test` |',
    '| c | tries | stops | |',
    '',
    '## More',
    '| d | e | f | g |',
  ].join('\n')

  it('names tests by path and title, and what is neither is none', () => {
    expect(readClaims(page).map(({ attacker, tests }) => [attacker, tests])).toEqual([
      [
        'a',
        [
          { path: 'a.test.ts', title: 'one' },
          { path: 'b.test.ts', title: '`two`, three' },
        ],
      ],
      ['b', [{ path: '', title: '' }]],
      ['c', []],
    ])
  })

  it.each([
    ["it('does it', () => {})", true],
    ['describe("does it", () => {})', true],
    ["it.each([1])('does it', () => {})", true],
    ["it.each([\n  1,\n])(\n  'does it',\n  () => {})", true],
    ["it('does it not', () => {})", false],
    ['// does it', false],
  ])('finds a title where a test has it: %s', (text, found) => {
    expect(hasTitle(text, 'does it')).toBe(found)
  })
})
