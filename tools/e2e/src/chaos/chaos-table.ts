import type { Row } from './row.ts'

/** What all rows come to. */
export interface Totals {
  readonly checked: number
  readonly letIn: number
  readonly crossed: number
  readonly lost: number
  /** Sessions that could not be kept, for the reasons that the rows name. */
  readonly excused: number
}

export function totalsOf(rows: readonly Row[]): Totals {
  const sum = (figure: (row: Row) => number): number => rows.reduce((total, row) => total + figure(row), 0)
  const excused = sum(({ tally, mayLose }) => Math.min(tally.lost.size, mayLose?.count ?? 0))
  return {
    checked: sum(({ tally: { right, crossed, letIn } }) => right + crossed + letIn),
    letIn: sum(({ tally }) => tally.letIn),
    crossed: sum(({ tally }) => tally.crossed),
    lost: sum(({ tally }) => tally.lost.size) - excused,
    excused,
  }
}

/** A line for one row. */
export function lineOf({ fault, promise, observed, broken, mayLose }: Row): string {
  const verdict = broken.length === 0 ? 'kept' : `**broken: ${broken.join(', ')}**`
  const seen = mayLose === undefined ? observed : `${observed}: ${mayLose.because}`
  return `| ${[fault, promise, seen, verdict].join(' | ')} |`
}

export const tableHead = '| fault | promise | observed | verdict |\n|---|---|---|---|'

/** What all rows come to, in a sentence. */
export function totalsText({ checked, letIn, crossed, lost, excused }: Totals): string {
  return (
    `${checked.toLocaleString('en')} answers were checked: ${letIn} wrongly let in, ${crossed} identities crossed, ` +
    `${lost} sessions lost beside the ${excused} of which a row says why they could not be kept.`
  )
}
