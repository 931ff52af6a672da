import type { ErrorRow, ErrorTable } from './error-tables.ts'

const introduction = `# Errors

Every error of Latchkey has a stable \`code\`. Answers are problem documents (RFC 9457) with that code, the status and the
message; what to do goes to events and logs only. \`auth/…\` is what a user meets, \`core/…\` configuration, host and
transport; each provider has its own prefix. Renaming a code is a breaking change.

This page is made from the tables in the source: \`pnpm document\`.`

/** The codes that `pages.error` gets where a user did nothing but sign in and out, by what they can do. */
export const metByUsers: Readonly<Record<string, readonly string[]>> = {
  'Begin again': [
    'auth/login_expired',
    'auth/login_replayed',
    'auth/session_changed',
    'auth/return_url_invalid',
    'oidc/access_denied',
    'oidc/state_mismatch',
    'wink/cancelled',
    'wristband/access_denied',
    'wristband/login_expired',
  ],
  'Try again in a moment': [
    'auth/sign_out_incomplete',
    'auth/store_unavailable',
    'core/rate_limited',
    'oidc/jwks_unavailable',
    'oidc/token_request_failed',
    'wink/session_unavailable',
    'wink/too_many_logins',
  ],
  'Use another account': ['auth/sign_in_refused', 'wristband/tenant_mismatch', 'wristband/tenant_unknown'],
}

/** Core shows a page of its own. */
const askedByCore = { 'Answer the question': ['auth/sign_in_unconfirmed'] }

/**
 * Writes docs/errors.md.
 *
 * @throws Error when a code that users meet is in no table.
 */
export function errorsPage(tables: readonly ErrorTable[]): string {
  const sections = tables.filter(({ rows }) => rows.length > 0).map(section)
  return `${[introduction, usersPart(tables), ...sections].join('\n\n')}\n`
}

function usersPart(tables: readonly ErrorTable[]): string {
  const messages = new Map(tables.flatMap(({ rows }) => rows.map(({ code, message }) => [code, message])))
  const lines = Object.entries({ ...metByUsers, ...askedByCore }).flatMap(([remedy, codes]) =>
    codes.map((code) => {
      const message = messages.get(code)
      if (message === undefined) throw new Error(`Users are said to meet ${code}, which is in no table`)
      return `| \`${code}\` | ${cell(message)} | ${remedy} |`
    }),
  )
  return `${usersHead}\n${lines.join('\n')}`
}

const usersHead = `## What a user can meet

The page of \`pages.error\` gets one of these as \`code\` when somebody signs in or out; the last is a page of Latchkey's own. Any
other code is for your log: show one text for all of them. [What an app writes next](guides/what-you-write-next.md#explain-what-went-wrong)
has a page with texts.

| code | message | what the user can do |
|---|---|---|`

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
