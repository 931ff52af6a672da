import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Variables } from '../environment.ts'

const patienceMilliseconds = 60_000

/** One of the demo's servers, in a process of its own. */
export interface ServerProcess {
  readonly url: string
  /** Settles when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  /** True once the server is healthy; false if it ended before. */
  ready(): Promise<boolean>
  stop(): Promise<void>
}

/** Starts a server module under this Node. */
export function startServer(
  name: string,
  { module, port, variables }: { readonly module: URL; readonly port: number; readonly variables: Variables },
): ServerProcess {
  const url = `http://localhost:${port}`
  const child = spawn(process.execPath, [fileURLToPath(module)], {
    env: { ...variables },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = once(child, 'exit').then(() => undefined)
  return {
    url,
    ended,
    async ready() {
      const deadline = Date.now() + patienceMilliseconds
      while (isRunning(child) && Date.now() < deadline) {
        if (await isHealthy(url)) return true
        await wait(50)
      }
      console.error(`${name} did not become healthy.`)
      return false
    },
    async stop() {
      if (isRunning(child)) child.kill('SIGTERM')
      await ended
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
