import type { LookupAddress, LookupOptions } from 'node:dns'
import dns from 'node:dns'
import { PerformanceObserver } from 'node:perf_hooks'

/** An app that listens on 127.0.0.1, and how users are signed in there. */
export interface App {
  readonly port: number
  /** Cookie headers of users who are signed in, where the app begins their sessions itself. */
  readonly cookies?: readonly string[]
  /** Where the guarded route is. Default: `/me`. */
  readonly path?: string
  /** What `/login` and `/callback` are below. Default: nothing. */
  readonly authPath?: string
}

/** Starts the app of one contender. */
export type Start = (settings: Readonly<Record<string, string>>) => Promise<App>

/** What an app's process has used since it started. */
export interface Usage {
  /** User and system, all threads. */
  readonly cpuMicroseconds: number
  readonly rssMegabytes: number
  /** The longest garbage collection since it was asked last. */
  readonly pauseMilliseconds: number
}

let pauseMilliseconds = 0
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) pauseMilliseconds = Math.max(pauseMilliseconds, duration)
}).observe({ entryTypes: ['gc'] })

type Answer = (error: null, address: string | LookupAddress[], family?: number) => void
// The vendor has a name, because an address is no issuer; nobody is asked for it.
const lookup = (_host: string, { all }: LookupOptions, answer: Answer): void =>
  all === true ? answer(null, [{ address: '127.0.0.1', family: 4 }]) : answer(null, '127.0.0.1', 4)
Object.assign(dns, { lookup })

const [path = '', name = '', settings = '{}'] = process.argv.slice(2)
const { apps } = (await import(path)) as { apps: Readonly<Record<string, Start>> }
const app = await apps[name]?.(JSON.parse(settings) as Record<string, string>)
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const rssMegabytes = process.memoryUsage.rss() / 1024 / 1024
  process.send?.({ cpuMicroseconds: user + system, rssMegabytes, pauseMilliseconds } satisfies Usage)
  pauseMilliseconds = 0
})
process.on('disconnect', () => process.exit())
process.send?.(app)
