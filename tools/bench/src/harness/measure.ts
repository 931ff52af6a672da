import { isDeepStrictEqual } from 'node:util'
import { interleave, type Sampler } from './interleave.ts'
import type { Kind, Row, Table } from './table.ts'

/** One way to do an operation. */
export interface Candidate {
  readonly name: string
  readonly kind: Kind
  /**
   * Gets ready, and returns the work of one time. A peer that throws is left out of the table, with its reason.
   */
  readonly prepare: () => Promise<Work> | Work
}

/** What is timed, and how its result is compared with that of the others. */
export interface Work {
  readonly run: () => unknown
  /** What of the result must be what the operation expects. Default: all of it. */
  readonly read?: (result: never) => unknown
}

/** What all candidates do. */
export interface Operation extends Pick<Table, 'operation' | 'goal'> {
  readonly expected: unknown
  readonly candidates: readonly Candidate[]
}

/** How long is measured: `milliseconds` of CPU for each sample. */
export interface Effort {
  readonly rounds: number
  readonly milliseconds: number
  /** CPU that work takes before it is timed: a server runs for days, and V8 compiles nothing of it any more. */
  readonly warmUpMilliseconds: number
}

/** Checks that all candidates of an operation do the same, then measures the CPU time of each: user and system, all threads. */
export async function measure({ operation, goal, expected, candidates }: Operation, effort: Effort): Promise<Table> {
  const ready: { readonly candidate: Candidate; readonly sampler: Sampler }[] = []
  const leftOut: string[] = []
  for (const candidate of candidates) {
    try {
      const work = await candidate.prepare()
      const found = await (work.read ?? same)((await work.run()) as never)
      if (!isDeepStrictEqual(found, expected))
        throw new Error(`its result is another: ${JSON.stringify(found)?.slice(0, 200)}`)
      ready.push({ candidate, sampler: await cpuSampler(work.run, effort) })
    } catch (error) {
      if (candidate.kind !== 'peer' && candidate.kind !== 'official') throw error
      leftOut.push(`${candidate.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const samples = await interleave(
    ready.map(({ sampler }) => sampler),
    effort.rounds,
  )
  const rows = ready.map(({ candidate: { name, kind } }, index): Row => ({ name, kind, samples: samples[index] ?? [] }))
  return { operation, unit: 'µs', goal, rows, leftOut }
}

function same(result: unknown): unknown {
  return result
}

/** Warms up, and finds how often the work fits into one sample. */
async function cpuSampler(run: () => unknown, { milliseconds, warmUpMilliseconds }: Effort): Promise<Sampler> {
  let times = 1
  let spent = 0
  let total = 0
  while (spent < milliseconds * 1000 || total < warmUpMilliseconds * 1000) {
    if (spent < milliseconds * 1000) times *= 2
    spent = await cpuMicroseconds(run, times)
    total += spent
  }
  const fitting = Math.max(1, Math.round((times * milliseconds * 1000) / spent))
  return async () => (await cpuMicroseconds(run, fitting)) / fitting
}

async function cpuMicroseconds(run: () => unknown, times: number): Promise<number> {
  const before = process.cpuUsage()
  for (let rest = times; rest > 0; rest -= 1) {
    const result = run()
    // Waiting costs what is synchronous a turn that it does not need.
    if (result instanceof Promise) await result
  }
  const { user, system } = process.cpuUsage(before)
  return user + system
}
