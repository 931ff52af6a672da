import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventRows, readEventTables } from './event-tables.ts'
import { eventsPage } from './events-page.ts'
import { isTest, readSources } from './structure/source-files.ts'

const root = join(import.meta.dirname, '../../..')

const source = `
/** Not an event. */
interface EventReason {
  readonly code?: string
}

/**
 * It happened,
 * twice | once.
 *
 * @alert Any: look
 *   at it.
 */
interface Happened extends EventOf<'it.happened'>, EventReason {
  readonly provider: string
  /** How often. */
  readonly count?: number | undefined
}

/** Nothing more. */
interface Ended extends EventOf<'it.ended'> {}
`

it('reads when an event comes, what to alert on and what it says', () => {
  expect(eventRows(source)).toEqual([
    {
      type: 'it.happened',
      text: 'It happened, twice | once.',
      alert: 'Any: look at it.',
      members: [
        { name: 'provider', isOptional: false, text: '' },
        { name: 'count', isOptional: true, text: 'How often.' },
        { name: 'code', isOptional: true, text: '' },
        { name: 'reason', isOptional: true, text: '' },
        { name: 'hint', isOptional: true, text: '' },
      ],
    },
    { type: 'it.ended', text: 'Nothing more.', alert: null, members: [] },
  ])
})

it('writes a table of alerts, and a section for each event', () => {
  const page = eventsPage(eventRows(source))
  expect(page).toContain('| `it.happened` | Any: look at it. |\n\n## All events')
  expect(page).toContain('Members: `provider`, `count?`, `code?`, `reason?`, `hint?`.\n\n- `count`: How often.')
  expect(page).toContain('### `it.ended`\n\nNothing more.\n\nMembers: none of its own.')
})

it('knows every event that AuthEvent has, and names every provider event that is reported', () => {
  const rows = readEventTables(root)
  const text = readFileSync(join(root, 'packages/core/src/model/event.ts'), 'utf8')
  const union = /export type AuthEvent =\n((?: {2}\| \w+\n)+)/.exec(text)?.[1] ?? ''
  expect(rows).toHaveLength(union.trim().split('\n').length)
  const reported = readSources(root, ['packages/{core*,oidc}/src/**/*.ts'])
    .filter(({ path }) => !isTest(path))
    .flatMap((file) => [...file.text.matchAll(/type: '(provider\.\w+)'/g)].map(([, type = '']) => type))
  const page = eventsPage(rows)
  expect(new Set(reported).size).toBeGreaterThan(4)
  expect([...new Set(reported)].filter((type) => !page.includes(`\`${type}\``))).toEqual([])
})
