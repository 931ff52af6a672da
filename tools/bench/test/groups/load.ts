import type { GroupOrder } from '../../src/harness/group-process.ts'
import { interleave } from '../../src/harness/interleave.ts'
import { load, startApp } from '../../src/harness/start-app.ts'
import type { Kind, Table } from '../../src/harness/table.ts'
import { ask, connections } from './guarded-route.ts'

const contenders: readonly (readonly [Kind, string])[] = [
  ['bare', 'bare'],
  ['floor', 'floor'],
  ['ours', 'latchkey'],
  ['peer', 'secure-session'],
]

/** So many requests a process serves before it is measured, and so many while it is. */
const count = 10_000

/** The guarded route of apps on Fastify, in a new process each round: V8 decides once in each how far its heap grows. */
export async function tables({ rounds, size }: GroupOrder): Promise<readonly Table[]> {
  const rss = contenders.map((): number[] => [])
  const samplers = contenders.map(([, name], index) => async () => {
    const app = await startApp({ file: 'fastify', name }, connections)
    try {
      const send = (user: number): Promise<void> => ask(app, user)
      await load(count, connections, send)
      const latencies = await load(count, connections, send)
      rss[index]?.push((await app.usage()).rssMegabytes)
      return latencies[Math.floor(count * 0.99)] ?? Number.NaN
    } finally {
      await app.stop()
    }
  })
  const p99 = await interleave(samplers, size === 'full' ? rounds : 3)
  const rowsOf = (samples: readonly (readonly number[])[]): Table['rows'] =>
    contenders.map(([kind, name], index) => ({ kind, name: `fastify ${name}`, samples: samples[index] ?? [] }))
  return [
    {
      operation: 'p99 of the guarded route, 64 connections',
      unit: 'ms',
      goal: "≤ 1.3 × the floor's",
      rows: rowsOf(p99),
      leftOut: [],
    },
    { operation: 'RSS after the load', unit: 'MB', goal: "≤ 1.2 × the floor's", rows: rowsOf(rss), leftOut: [] },
  ]
}
