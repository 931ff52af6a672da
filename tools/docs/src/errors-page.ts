import type { ErrorRow, ErrorTable } from './error-tables.ts'

const introduction = `# Errors

Every error of Latchkey has a stable \`code\`. Answers are problem documents (RFC 9457) with that code, the status and the
message; what to do goes to events and logs only. \`auth/…\` is what a user meets, \`core/…\` configuration, host and
transport; each provider has its own prefix. Renaming a code is a breaking change.

This page is made from the tables in the source: \`pnpm document\`.`

/** Writes docs/errors.md. */
export function errorsPage(tables: readonly ErrorTable[]): string {
  const sections = tables.filter(({ rows }) => rows.length > 0).map(section)
  return `${[introduction, ...sections].join('\n\n')}\n`
}

function section({ package: name, rows }: ErrorTable): string {
  const sorted = rows.toSorted((one, other) => (one.code < other.code ? -1 : 1))
  const head = '| code | status | message | what to do |\n|---|---|---|---|'
  return `## ${name}\n\n${[head, ...sorted.map(line)].join('\n')}`
}

function line({ code, status, message, hint }: ErrorRow): string {
  return `| \`${code}\` | ${status} | ${cell(message)} | ${cell(hint)} |`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ')
}
