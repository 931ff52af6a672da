import { expect, it } from 'vitest'
import { errorsPage } from './errors-page.ts'

it('writes a table for each package that has errors, in the order of the codes', () => {
  const row = { status: 400, message: 'A message.', hint: 'A hint.' }
  const page = errorsPage([
    {
      package: '@latchkey/b',
      rows: [
        { code: 'b/two', ...row },
        { code: 'b/one', ...row },
      ],
    },
    { package: '@latchkey/none', rows: [] },
  ])
  expect(page.slice(page.indexOf('## '))).toBe(
    [
      '## @latchkey/b',
      '',
      '| code | status | message | what to do |',
      '|---|---|---|---|',
      '| `b/one` | 400 | A message. | A hint. |',
      '| `b/two` | 400 | A message. | A hint. |',
      '',
    ].join('\n'),
  )
})

it('keeps what a table cannot hold out of it', () => {
  const page = errorsPage([
    { package: 'p', rows: [{ code: 'a/b', status: 500, message: 'one | two', hint: 'a plain <a>' }] },
  ])
  expect(page).toContain('| one \\| two | a plain &lt;a> |')
})
