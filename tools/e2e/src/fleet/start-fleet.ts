import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Auth, AuthEvent } from '@latchkey/core'
import { createTestSession } from '@latchkey/testkit'
import type { CertifiedProvider } from '@latchkey/tool-test-support/certified-provider'
import { createClient } from 'redis'
import { patientStore } from '../../../../packages/store-redis/test/patient-store.ts'
import { forkSource } from '../../test/fork-source.ts'
import type { Order } from './app-process.ts'
import type { Answer, Asked, Asking } from './client-process.ts'
import { type AppSettings, createExampleApp } from './example-app.ts'

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
  const client = startClient()
  const processes = await Promise.all(Array.from({ length: count }, () => startProcess(settings, client)))
  return {
    processes,
    async signIn(goodForSeconds) {
      const redis = redisUrl === null ? null : await createClient({ url: redisUrl }).connect()
      const { auth } = await createExampleApp(settings, redis && patientStore(redis))
      const cookie = await signedIn(auth, await provider.issue(), goodForSeconds)
      await redis?.close()
      return cookie
    },
    pass: (seconds) => processes.forEach(({ order }) => order({ pass: seconds })),
    async close() {
      await Promise.all([...processes, client].map(({ end }) => end()))
    },
  }
}

async function signedIn(auth: Auth, refreshToken: string, goodForSeconds: number): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const acme = { accessToken: 'first', refreshToken, expiresAt: now + goodForSeconds, refreshAt: now - 1 }
  return (await createTestSession(auth, { acme: { subject: 'ada' } }, { tokens: { acme } })).cookie
}

interface Client {
  ask(asking: Omit<Asking, 'id'>): Promise<readonly Answer[]>
  end(): Promise<void>
}

/**
 * Whoever asks is a process of its own: the provider answers in this one, and must not wait behind hundreds of requests. An
 * answer of it that came after the 5 seconds that an app waits would lose the session, which is what no lock prevents.
 */
function startClient(): Client {
  const child = forkSource(join(import.meta.dirname, 'client-process.ts'))
  const waiting = new Map<number, (answers: Asked['answers']) => void>()
  child.on('message', ({ id, answers }: Asked) => waiting.get(id)?.(answers))
  let last = 0
  return {
    async ask(asking) {
      const id = ++last
      const answers = await new Promise<Asked['answers']>((resolve) => {
        waiting.set(id, resolve)
        child.send({ id, ...asking } satisfies Asking)
      })
      if (answers === null) throw new Error('A request got no answer.')
      return answers
    },
    end: () => killed(child),
  }
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await ended
}

async function startProcess(settings: AppSettings, client: Client): Promise<FleetProcess & { end(): Promise<void> }> {
  const child = forkSource(join(import.meta.dirname, 'app-process.ts'), { SETTINGS: JSON.stringify(settings) })
  const ended = once(child, 'exit')
  const [port] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error('ended'))),
  ])) as [number]
  const hasHalted = (): boolean =>
    child.exitCode !== null || child.signalCode !== null || stateOf(child.pid ?? 0) === 'T'
  return {
    ask: (cookie, requests) => client.ask({ url: `http://127.0.0.1:${port}/api/me`, cookie, requests }),
    events: async () => (await fetch(`http://127.0.0.1:${port}/events`)).json() as Promise<readonly AuthEvent[]>,
    order: (order) => void child.send(order),
    signal: (signal) => void child.kill(signal),
    async halted() {
      while (!hasHalted()) await new Promise((resolve) => setTimeout(resolve, 10))
    },
    end: () => killed(child),
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
