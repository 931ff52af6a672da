import type { Tally } from '../../test/chaos/users.ts'

/** One fault, what is promised under it, and what was seen. */
export interface Row {
  readonly fault: string
  readonly promise: string
  readonly observed: string
  /** What was seen against the promise. */
  readonly broken: readonly string[]
  readonly tally: Tally
  /** How many sessions could not be kept, and why; null where each must be. */
  readonly mayLose?: { readonly count: number; readonly because: string }
}

/** A row whose sentences are kept if each of them is true. */
export function rowOf(
  { fault, promise, tally, mayLose }: Omit<Row, 'observed' | 'broken'>,
  claims: Readonly<Record<string, boolean>>,
): Row {
  const { right, crossed, letIn, lost, unavailable, broken, other } = tally
  const always = {
    [`${right + crossed + letIn} answers checked`]: right > 0,
    [`${unavailable} × 503`]: true,
    ...(broken > 0 && { [`${broken} × no answer`]: true }),
    [`${other} × another answer`]: other === 0,
    [`${crossed} crossed`]: crossed === 0,
    [`${letIn} wrongly let in`]: letIn === 0,
    [`${lost.size} signed out`]: lost.size <= (mayLose?.count ?? 0),
  }
  const all = Object.entries({ ...claims, ...always })
  const isDull = (text: string): boolean => text === '0 × another answer'
  return {
    fault,
    promise,
    tally,
    ...(mayLose && { mayLose }),
    observed: all
      .map(([text]) => text)
      .filter((text) => !isDull(text))
      .join(', '),
    broken: all.filter(([, holds]) => !holds).map(([text]) => text),
  }
}

/** What all rows come to. */
export interface Totals {
  readonly checked: number
  readonly letIn: number
  readonly crossed: number
  readonly lost: number
  /** Sessions that could not be kept, for the reasons that the rows name. */
  readonly excused: number
}

/** Adds them up. */
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
