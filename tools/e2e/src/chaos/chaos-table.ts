import { type Row, totalsOf } from './row.ts'

/** The head of the table. */
export const tableHead = '| fault | promise | observed | verdict |\n|---|---|---|---|'

/** A line for one row. */
export function lineOf({ fault, promise, observed, broken, mayLose }: Row): string {
  const verdict = broken.length === 0 ? 'kept' : `**broken: ${broken.join(', ')}**`
  const seen = mayLose === undefined ? observed : `${observed}: ${mayLose.because}`
  return `| ${[fault, promise, seen, verdict].join(' | ')} |`
}

/** What all rows come to, in a sentence. */
export function totalsText(rows: readonly Row[]): string {
  const { checked, letIn, crossed, lost, excused } = totalsOf(rows)
  return (
    `${checked.toLocaleString('en')} answers were checked: ${letIn} wrongly let in, ${crossed} identities crossed, ` +
    `${lost} sessions lost beside the ${excused} of which a row says why they could not be kept.`
  )
}

/** The page `docs/chaos.md`. */
export function chaosPage(rows: readonly Row[], { date, minutes }: { date: string; minutes: number }): string {
  return `# Chaos

\`pnpm chaos\` starts four processes of an app, each kind of store and an OpenID provider on this machine, lets users ask them
without a pause, and spoils one thing after the other. Each answer is checked: it must have the identity and the access token of
who asked. Among the users is one whose sessions were ended everywhere before; no answer may let that one in. The provider
rotates refresh tokens and ends a login when it sees one for the second time. The command fails if a promise is broken, and
takes less than ten minutes. A short form with less of each runs with the tests; \`pnpm chaos --write\` writes this page.

Times are real: tokens of 40 seconds live for 40 seconds while the secrets are replaced. Where a row only needs a token that has
expired, the clocks of all processes and of the provider are put forward, and nothing else. Users wait 40 to 100 ms between two
requests, so the figures say how long a fault lasted and not how much the app can do.

Run on ${date}, in ${minutes} minutes. ${totalsText(rows)}

${tableHead}
${rows.map(lineOf).join('\n')}

"No answer" is a connection to a process that was killed: a proxy in front would have asked another one.

## What is not in here

- A store that loses what it has confirmed. Redis copies to its replicas afterwards: a primary that dies in the moment after a
  write takes that write along. Here the tokens of one user are rotated in that moment, and the process that has them offers
  them until the new primary takes them. A revocation that was lost so lets a user in again: [threat model](threat-model.md).
- A vendor that rotates and whose answer is lost. Nobody has the new tokens then, and only a grace time of the vendor helps.
`
}
