import { type Extent, planOf } from './faults/plan.ts'
import { type Row, totalsOf } from './row.ts'

/** What came of all faults. */
export interface ChaosReport {
  readonly rows: readonly Row[]
  /** What was promised and not kept. */
  readonly broken: readonly string[]
}

/**
 * Makes the faults, one part after the other.
 *
 * @param onRow Told of each row as it is made.
 */
export async function runChaos(
  extent: Extent & { readonly only?: string },
  onRow: (row: Row) => void = () => {},
): Promise<ChaosReport> {
  const rows: Row[] = []
  const broken: string[] = []
  for (const part of planOf(extent)) {
    if (!part.name.includes(extent.only ?? '')) continue
    try {
      await part.run({
        checked: () => totalsOf(rows).checked,
        row(row) {
          rows.push(row)
          broken.push(...row.broken.map((what) => `${row.fault}: ${what}`))
          onRow(row)
        },
      })
    } catch (error) {
      broken.push(`${part.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const { checked } = totalsOf(rows)
  if (extent.only === undefined && checked < extent.checkedAnswers) broken.push(`${checked} answers were checked`)
  return { rows, broken }
}
