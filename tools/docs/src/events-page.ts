import type { EventMember, EventRow } from './event-tables.ts'

const introduction = `# Events

\`onEvent\` of \`createAuth\` is called with each event: one function, or a list. Nothing waits for a listener, and what it
throws is dropped. On Node the adapters also publish events on the channel \`latchkey:event\` of
\`node:diagnostics_channel\`: without \`user\`, and never with the framework's request.
[\`@latchkey/opentelemetry\`](../packages/opentelemetry) makes metrics and spans of them, and
[operations](guides/operations.md) says what to watch.

No event holds a secret, a token, a URL, a name or an e-mail address. \`user\` is the key of a user (\`provider\`, \`issuer\`,
\`tenant\`, \`subject\`): personal data, so keep it out of logs that others read (\`withoutUser\` of \`@latchkey/core\`). \`hint\`
says what to do, in a text that no answer shows. Durations are milliseconds; \`at\` is in seconds.

This page is made from \`packages/core/src/model/event.ts\`: \`pnpm document\`.`

/** Writes docs/events.md. */
export function eventsPage(rows: readonly EventRow[]): string {
  const alerts = rows.flatMap(({ type, alert }) => (alert === null ? [] : `| \`${type}\` | ${cell(alert)} |`))
  const table = ['| event | alert on |', '|---|---|', ...alerts].join('\n')
  return `${[introduction, `## What to alert on\n\n${table}`, '## All events', ...rows.map(section)].join('\n\n')}\n`
}

function section({ type, text, members }: EventRow): string {
  const names = members.map(({ name, isOptional }) => `\`${name}${isOptional ? '?' : ''}\``).join(', ')
  const notes = members.flatMap(note)
  const parts = [`### \`${type}\``, text, `Members: ${names === '' ? 'none of its own' : names}.`, notes.join('\n')]
  return parts.filter((part) => part !== '').join('\n\n')
}

function note({ name, text }: EventMember): readonly string[] {
  return text === '' ? [] : [`- \`${name}\`: ${text}`]
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
