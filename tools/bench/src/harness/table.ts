/** Whose a candidate is. `bare` is what the floor and ours are mounted on, to be taken off. */
export type Kind = 'floor' | 'bare' | 'ours' | 'peer' | 'official'

/** What a row says beside its cost. */
export type Extras = Readonly<Record<string, number>>

/** One candidate, with one sample of each round: those of the same round may be compared. */
export interface Row {
  readonly name: string
  readonly kind: Kind
  readonly samples: readonly number[]
  readonly extras?: Extras | undefined
}

/** All candidates of one operation. */
export interface Table {
  readonly operation: string
  /** What a sample is counted in. */
  readonly unit: 'µs' | 'ms' | 'B' | 'MB' | 'calls'
  /** What ours is to reach; absent for an operation that is only measured. */
  readonly goal?: string | undefined
  readonly rows: readonly Row[]
  /** Peers that were not measured, and why. */
  readonly leftOut: readonly string[]
}

/** Where the middle half of some samples lies. */
export interface Quartiles {
  readonly low: number
  readonly median: number
  readonly high: number
}

/** The quartiles of samples, of which there is at least one. */
export function quartiles(samples: readonly number[]): Quartiles {
  const sorted = [...samples].sort((one, other) => one - other)
  const at = (part: number): number => {
    const place = (sorted.length - 1) * part
    const [below = Number.NaN, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
    return below + (above - below) * (place - Math.floor(place))
  }
  return { low: at(0.25), median: at(0.5), high: at(0.75) }
}

/** How many times the cost of another row a row costs: the ratio within each round, then their quartiles. */
export function ratioOf(row: Row, other: Row): Quartiles {
  return quartiles(row.samples.map((sample, round) => sample / (other.samples[round] ?? Number.NaN)))
}
