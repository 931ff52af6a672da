import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { Variables } from '../environment.ts'
import { type Framework, originAt } from '../framework.ts'

const timeoutMilliseconds = 60_000
const graceMilliseconds = 2000

/** One of the demo's servers, in a process of its own. */
export interface ServerProcess {
  readonly framework: Framework
  readonly url: string
  /** Settles when the process has ended, whatever the reason. */
  readonly ended: Promise<void>
  /** True once the server is healthy; false if it ended before. */
  ready(): Promise<boolean>
  /** Lets it end what it is at, for two seconds: browsers keep connections open, and a server waits for all of them. */
  stop(): Promise<void>
}

/** What a server is started with. */
export interface ServerStart {
  readonly port: number
  /** What Node runs, with its arguments. */
  readonly command: readonly string[]
  readonly variables: Variables
}

/** Starts a server under this Node. */
export function startServer(framework: Framework, { port, command, variables }: ServerStart): ServerProcess {
  const url = originAt(port)
  const child = spawn(process.execPath, [...command], {
    env: { ...variables },
    // Next's own messages are left out.
    stdio: ['ignore', framework === 'Next' ? 'ignore' : 'inherit', 'inherit'],
  })
  const ended = once(child, 'exit').then(() => undefined)
  return {
    framework,
    url,
    ended,
    async ready() {
      const deadline = Date.now() + timeoutMilliseconds
      while (isRunning(child) && Date.now() < deadline) {
        if (await isHealthy(url)) return true
        await wait(50)
      }
      console.error(`${framework} did not become healthy.`)
      return false
    },
    async stop() {
      if (isRunning(child)) child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), graceMilliseconds)
      await ended
      clearTimeout(late)
    },
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok
  } catch {
    return false
  }
}
