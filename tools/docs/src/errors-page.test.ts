import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type ErrorTable, readErrorTables } from './error-tables.ts'
import { errorsPage, metByUsers } from './errors-page.ts'

const real = await readErrorTables(join(import.meta.dirname, '../../..'))

/** The page of these tables beside those of the packages, from the first of these on. */
function pageOf(...tables: readonly ErrorTable[]): string {
  const page = errorsPage([...tables, ...real])
  const end = page.indexOf(`## ${real.find(({ rows }) => rows.length > 0)?.package}`)
  return page.slice(page.indexOf(`## ${tables[0]?.package}`), end)
}

it('tells first what a user can meet, and knows no code that is in no table', () => {
  const page = errorsPage(real)
  expect(page.indexOf('## What a user can meet')).toBe(page.indexOf('## '))
  expect(page).toContain('| `wink/cancelled` | ')
  expect(() => errorsPage([])).toThrow('in no table')
})

it('names the codes for which the guide has a text, and no others', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/what-you-write-next.md'), 'utf8')
  const [, texts = ''] = /const texts[^{]*\{([\s\S]*?)\n\}/.exec(guide) ?? []
  const codes = [...texts.matchAll(/^ {2}'([a-z]+\/[a-z_]+)':/gm)].map(([, code = '']) => code)
  const ours = codes.filter((code) => !code.startsWith('app/'))
  expect(ours.toSorted()).toEqual(Object.values(metByUsers).flat().toSorted())
})

it('writes a table for each package that has errors, in the order of the codes', () => {
  const row = { status: 400, message: 'A message.', hint: 'A hint.' }
  const page = pageOf(
    {
      package: '@latchkey/b',
      rows: [
        { code: 'b/two', ...row },
        { code: 'b/one', ...row },
      ],
    },
    { package: '@latchkey/none', rows: [] },
  )
  expect(page).toBe(
    [
      '## @latchkey/b',
      '',
      '| code | status | message | what to do |',
      '|---|---|---|---|',
      '| `b/one` | 400 | A message. | A hint. |',
      '| `b/two` | 400 | A message. | A hint. |',
      '',
      '',
    ].join('\n'),
  )
})

it('keeps what a table cannot hold out of it', () => {
  const page = pageOf({
    package: 'p',
    rows: [{ code: 'a/b', status: 500, message: 'one | two', hint: 'a plain <a>' }],
  })
  expect(page).toContain('| one \\| two | a plain &lt;a> |')
})
