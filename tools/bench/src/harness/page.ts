import { arch, cpus } from 'node:os'
import { quartiles, type Row, ratioOf, type Table } from './table.ts'
import { figure, tableText } from './table-text.ts'

/** docs/performance.md: the table of goals, what others do better, and all that was measured. */
export function performancePage(tables: readonly Table[], command: string): string {
  const machine = `${cpus()[0]?.model}, ${cpus().length} cores, ${arch()}, Node ${process.versions.node}`
  const columns = ['operation', 'floor', 'best peer', 'official stack', 'ours', 'goal']
  const goals = tables.filter(({ goal }) => goal !== undefined).map(goalCells)
  const lost = tables.flatMap(lostTo)
  return `# Performance

\`pnpm bench\` measures the built packages, a floor and the libraries that an app could use in their place, interleaved in one
run. This page was written by \`${command}\`.

Machine: ${machine}. A ratio counts; a time is that of this machine, on this day.

## How it is measured

- The **floor** is the shortest code on \`node:crypto\`, \`node:http\` and undici that makes the same checks. It is no library: it
  has no options, no errors that say why, and no rotation of keys. The **official stack** is what the vendor's own guide uses:
  \`@wristband/express-auth\`, \`@wristband/typescript-jwt\` and iron-session; for Wise, its snippet.
- The cost is CPU time of the process: user and system, of all threads. Every round measures each candidate once, in random
  order. A ratio is taken within a round; what is shown is the median of the rounds, with the quartiles in brackets.
- Before anything is timed, each candidate must give the same result as the floor. One that does not, or does not run, is left
  out by name.
- A candidate runs for a second of CPU before it is timed, half of that without \`--full\`, so that V8 compiles little of it any
  more: one that does more takes longer until then. An app of sign-ins has served 2,000, or 600, before; one of whole requests
  10,000, or 2,500 on Next and of the official stack. The p99 and the RSS under load are those of a new process each round.
- \`handle\` at a login has a \`Request\` at hand, as Next hands one over, and makes the \`Response\` that Next takes; a row of its
  own makes the \`Request\`, too. The floor and the others of that table make neither.
- Node runs with its default settings. Each group has a process of its own; for whole requests and sign-ins each app has one,
  and the load comes from another, over loopback. Connections are kept alive.
- The session is 1,912 bytes of JSON: an access token of 1,200, a refresh token of 60, claims of 557, and flags.
- Not measured: other machines, networks with latency, runtimes other than Node.

## The goals

\`×\` is the ratio to the floor, unless it says of what.

${markdown(columns, goals)}

## What we lose, and to whom

${lost.length === 0 ? 'No peer is cheaper than ours in any table below.' : lost.map((line) => `- ${line}`).join('\n')}

## All figures

${tables.map(tableText).join('\n\n')}

## Measure it yourself

\`\`\`sh
npx --yes pnpm@12.21.0 install
pnpm bench           # about two minutes
pnpm bench --full    # longer rounds, and Next
pnpm bench --group session,jwt --only unseal
\`\`\`

\`pnpm bench --check\` runs in CI. It fails when a ratio is about twice what stands here, three times in a row.
`
}

function goalCells(table: Table): readonly string[] {
  const { operation, unit, goal = '', rows } = table
  const floor = rows.find(({ kind }) => kind === 'floor')
  const of = (kind: Row['kind']): readonly Row[] => rows.filter((row) => row.kind === kind)
  const official = rows.find(({ kind }) => kind === 'official')
  const cell = (row: Row): string => {
    const ofOfficial = row.kind === 'ours' && official !== undefined ? ratioOf(row, official).median : null
    const parts = [times(table, row), ...(unit === 'µs' ? [] : [`${figure(quartiles(row.samples).median)} ${unit}`])]
    if (ofOfficial !== null) parts.push(`${figure(ofOfficial)} × official`)
    return `${row.name.replace(/^latchkey,? (?=.)/, '')} ${parts.join(', ')}`
  }
  const best = bestOf(table, 'peer')
  return [
    operation,
    floor === undefined ? '' : `${figure(quartiles(floor.samples).median)} ${unit}`,
    best === undefined ? '–' : cell(best),
    of('official').map(cell).join('; ') || '–',
    of('ours').map(cell).join('; '),
    goal,
  ]
}

function lostTo(table: Table): readonly string[] {
  const [peer, ours] = [bestOf(table, 'peer'), bestOf(table, 'ours')]
  if (peer === undefined || ours === undefined || ratioOf(peer, ours).median >= 1) return []
  return [`${table.operation}: ${peer.name} ${times(table, peer)}, ours ${times(table, ours)}`]
}

function bestOf({ rows }: Table, kind: Row['kind']): Row | undefined {
  const cost = (row: Row): number => quartiles(row.samples).median
  return rows.filter((row) => row.kind === kind).sort((one, other) => cost(one) - cost(other))[0]
}

function times({ rows }: Table, row: Row): string {
  const floor = rows.find(({ kind }) => kind === 'floor')
  return floor === undefined ? '' : `${figure(ratioOf(row, floor).median)} ×`
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
