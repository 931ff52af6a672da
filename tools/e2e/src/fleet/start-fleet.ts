import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Auth, AuthEvent } from '@latchkey/core'
import { createRedisStore } from '@latchkey/store-redis'
import { createTestSession } from '@latchkey/testkit'
import type { CertifiedProvider } from '@latchkey/tool-test-support/certified-provider'
import { createClient } from 'redis'
import type { Order } from './app-process.ts'
import { type AppSettings, createExampleApp } from './example-app.ts'

/** What one request to `/api/me` was answered with. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly setCookies: readonly string[]
}

export interface FleetProcess {
  /** Answers of so many requests that are sent at once with this cookie. */
  ask(cookie: string, requests: number): Promise<readonly Answer[]>
  events(): Promise<readonly AuthEvent[]>
  order(order: Order): void
  signal(signal: NodeJS.Signals): void
  /** Resolves when the process is stopped, or has ended. */
  halted(): Promise<void>
}

/** Processes of one app, started from its sources. */
export interface Fleet {
  readonly processes: readonly FleetProcess[]
  /** The cookie of somebody whose access token is good for so many more seconds, and due for refresh. */
  signIn(goodForSeconds: number): Promise<string>
  pass(seconds: number): void
  close(): Promise<void>
}

export async function startFleet(
  provider: CertifiedProvider,
  count: number,
  { redisUrl = null, isCoordinated = true }: Partial<AppSettings> = {},
): Promise<Fleet> {
  const secret = `an-example-secret-of-32-bytes-${crypto.randomUUID()}`
  const settings: AppSettings = { secret, tokenUrl: provider.tokenUrl, redisUrl, isCoordinated }
  const processes = await Promise.all(Array.from({ length: count }, () => startProcess(settings)))
  return {
    processes,
    async signIn(goodForSeconds) {
      const client = redisUrl === null ? null : await createClient({ url: redisUrl }).connect()
      const { auth } = await createExampleApp(settings, client && createRedisStore({ client }))
      const cookie = await signedIn(auth, await provider.issue(), goodForSeconds)
      await client?.close()
      return cookie
    },
    pass: (seconds) => processes.forEach(({ order }) => order({ pass: seconds })),
    async close() {
      await Promise.all(processes.map(({ end }) => end()))
    },
  }
}

async function signedIn(auth: Auth, refreshToken: string, goodForSeconds: number): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const acme = { accessToken: 'first', refreshToken, expiresAt: now + goodForSeconds, refreshAt: now - 1 }
  return (await createTestSession(auth, { acme: { subject: 'ada' } }, { tokens: { acme } })).cookie
}

async function startProcess(settings: AppSettings): Promise<FleetProcess & { end(): Promise<void> }> {
  const child = fork(join(import.meta.dirname, 'app-process.ts'), {
    execArgv: ['--conditions=latchkey:source'],
    env: { SETTINGS: JSON.stringify(settings) },
  })
  const ended = once(child, 'exit')
  const [port] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error('ended'))),
  ])) as [number]
  const ask = async (cookie: string): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/me`, { headers: { cookie } })
    return { status: response.status, body: await response.text(), setCookies: response.headers.getSetCookie() }
  }
  const hasHalted = (): boolean =>
    child.exitCode !== null || child.signalCode !== null || stateOf(child.pid ?? 0) === 'T'
  return {
    ask: (cookie, requests) => Promise.all(Array.from({ length: requests }, () => ask(cookie))),
    events: async () => (await fetch(`http://127.0.0.1:${port}/events`)).json() as Promise<readonly AuthEvent[]>,
    order: (order) => void child.send(order),
    signal: (signal) => void child.kill(signal),
    async halted() {
      while (!hasHalted()) await new Promise((resolve) => setTimeout(resolve, 10))
    },
    async end() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The state of a process, as Linux tells it: `T` for stopped. */
function stateOf(pid: number): string | undefined {
  try {
    return /^\d+ \(.*\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]
  } catch {
    return undefined
  }
}
