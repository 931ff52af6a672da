import type { GroupOrder } from '../../src/harness/group-process.ts'
import { interleave } from '../../src/harness/interleave.ts'
import { load, type RunningApp, startApp } from '../../src/harness/start-app.ts'
import { type Kind, quartiles, type Row, type Table } from '../../src/harness/table.ts'
import type { Usage } from '../apps/app-process.ts'
import { buildNextApp } from '../apps/next.ts'
import { ask, connections } from './guarded-route.ts'

/** One app: `bare` names the one that its framework costs without a session. */
interface Contender {
  readonly kind: Kind
  readonly file: string
  readonly name: string
  readonly bare: string
}

const contender = (kind: Kind, app: string, bare = 'bare'): Contender => {
  const [file = '', name = ''] = app.split(' ')
  return { kind, file, name, bare }
}

const fastify: readonly Contender[] = [
  contender('bare', 'fastify bare'),
  contender('floor', 'fastify floor'),
  contender('ours', 'fastify latchkey'),
]
const others: readonly Contender[] = [
  contender('peer', 'fastify secure-session'),
  contender('bare', 'express bare'),
  contender('ours', 'express latchkey'),
  contender('official', 'express official'),
  contender('bare', 'nest bare-express'),
  contender('ours', 'nest latchkey-express', 'bare-express'),
  contender('bare', 'nest bare-fastify'),
  contender('ours', 'nest latchkey-fastify', 'bare-fastify'),
]

/** On Next, which is built first. */
const next: readonly Contender[] = [
  contender('bare', 'next bare'),
  contender('floor', 'next floor'),
  contender('ours', 'next latchkey'),
  contender('peer', 'next @auth0/nextjs-auth0'),
]

const notAsked = [
  'express-openid-connect and @auth/core: their sessions begin by a sign-in only; `sign-in` and `session` have them',
]

/** What one contender did in all rounds. */
interface Running {
  readonly contender: Contender
  readonly app: RunningApp
  readonly p99: number[]
  readonly usages: Usage[]
}

/**
 * How many requests a round has, and 2.5 times as many before the first: the compiler has done its work by then, as in a
 * server that runs for days. In a shorter round the garbage of the round before would show.
 */
const requestsOf = ({ kind, file }: Contender): number => (kind === 'official' || file === 'next' ? 1000 : 4000)

/** `GET /me` of apps in processes of their own, asked over 64 connections. */
export async function tables({ rounds, size }: GroupOrder): Promise<readonly Table[]> {
  const contenders = size === 'check' ? fastify : [...fastify, ...others, ...(size === 'full' ? next : [])]
  if (size === 'full') await buildNextApp()
  const running: Running[] = []
  try {
    for (const one of contenders) {
      running.push({ contender: one, app: await startApp(one, connections), p99: [], usages: [] })
    }
    const samplers = running.map(({ app, contender: one, p99, usages }) => async () => {
      const count = requestsOf(one)
      const before = await app.usage()
      const latencies = await load(count, connections, (index) => ask(app, index))
      const after = await app.usage()
      p99.push(latencies[Math.floor(count * 0.99)] ?? Number.NaN)
      usages.push(after)
      return (after.cpuMicroseconds - before.cpuMicroseconds) / count
    })
    for (const { app, contender: one } of running) {
      await load(2.5 * requestsOf(one), connections, (index) => ask(app, index))
    }
    const samples = await interleave(samplers, rounds)
    const leftOut = [
      ...notAsked,
      ...(size === 'full' ? [] : ['Next and @auth0/nextjs-auth0: only with `--full`, which builds Next']),
    ]
    return tablesOf(running, samples, leftOut)
  } finally {
    for (const { app } of running) await app.stop()
  }
}

function tablesOf(
  running: readonly Running[],
  samples: readonly (readonly number[])[],
  leftOut: readonly string[],
): readonly Table[] {
  const costOf = (file: string, name: string): readonly number[] =>
    samples[running.findIndex(({ contender: one }) => one.file === file && one.name === name)] ?? []
  const named = ({ file, name }: Contender): string => `${file} ${name}`
  const overhead = ({ contender: { file, name, bare }, p99, usages }: Running): Pick<Row, 'samples' | 'extras'> => {
    const [cost, without] = [costOf(file, name), costOf(file, bare)]
    const extras = {
      'whole request µs': quartiles(cost).median,
      'p99 ms': quartiles(p99).median,
      'RSS MB': usages.at(-1)?.rssMegabytes ?? Number.NaN,
      'longest pause ms': Math.max(...usages.map(({ pauseMilliseconds }) => pauseMilliseconds)),
    }
    return { samples: cost.map((sample, round) => sample - (without[round] ?? Number.NaN)), extras }
  }
  const onNext = ({ file }: Contender): boolean => file === 'next'
  const found: readonly Table[] = [
    {
      operation: 'check overhead per request',
      unit: 'µs',
      goal: "Fastify ≤ 2 ×, Nest ≤ 3 × the floor's, ≥ 9 × less than the official stack",
      rows: running
        .filter(({ contender: one }) => one.kind !== 'bare' && !onNext(one))
        .map((each) => ({ name: named(each.contender), kind: each.contender.kind, ...overhead(each) })),
      leftOut,
    },
    {
      // Whole: what a check adds is lost in what a request of Next costs.
      operation: 'whole request, Next',
      unit: 'µs',
      goal: "≤ 1.3 × the floor's",
      rows: running
        .filter(({ contender: one }) => onNext(one))
        .map(({ contender: one }) => ({ name: named(one), kind: one.kind, samples: costOf(one.file, one.name) })),
      leftOut: [],
    },
  ]
  return found.filter(({ rows }) => rows.length > 0)
}
