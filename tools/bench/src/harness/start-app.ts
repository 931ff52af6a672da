import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Pool } from 'undici'
import type { App, Usage } from '../../test/apps/app-process.ts'

/** Which app is started: a file of `apps` and a name in it. */
export interface AppOrder {
  readonly file: string
  readonly name: string
  readonly settings?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
}

/** An app in a process of its own, with all default settings of Node. */
export interface RunningApp extends App {
  /** The connections to it. */
  readonly pool: Pool
  usage(): Promise<Usage>
  stop(): Promise<void>
}

/** Starts an app, and opens at most so many connections to it. */
export async function startApp(order: AppOrder, connections: number): Promise<RunningApp> {
  const apps = join(import.meta.dirname, '../../test/apps')
  const given = [join(apps, `${order.file}.ts`), order.name, JSON.stringify(order.settings ?? {})]
  const env = { ...process.env, NODE_ENV: 'production' as const, ...order.environment }
  const child = fork(join(apps, 'app-process.ts'), given, { env })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${order.name} of ${order.file} ended`)))
  ended.catch(() => {})
  const answer = async <Answer>(): Promise<Answer> =>
    ((await Promise.race([once(child, 'message'), ended])) as [Answer])[0]
  const app = await answer<App>()
  const pool = new Pool(`http://127.0.0.1:${app.port}`, { connections })
  return {
    ...app,
    pool,
    usage: () => {
      const usage = answer<Usage>()
      child.send('usage')
      return usage
    },
    async stop() {
      await pool.destroy()
      child.kill()
    },
  }
}

/**
 * Does something `count` times, so many at once as there are connections.
 *
 * @returns How many milliseconds each took, the shortest first.
 */
export async function load(count: number, atOnce: number, send: (index: number) => Promise<void>): Promise<number[]> {
  const latencies: number[] = []
  let sent = 0
  const worker = async (): Promise<void> => {
    while (sent < count) {
      const startedAt = performance.now()
      await send(sent++)
      latencies.push(performance.now() - startedAt)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return latencies.sort((one, other) => one - other)
}
