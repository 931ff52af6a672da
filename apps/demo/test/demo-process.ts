import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '@latchkey/tool-test-support'
import type { Variables } from '../src/environment.ts'
import type { Framework } from '../src/framework.ts'

/** The demo as a user starts it: the built runner in a process of its own. */
export interface DemoProcess {
  /** Of the front door. */
  readonly url: string
  readonly urls: Readonly<Record<Framework, string>>
  readonly wiseUrl: string
  /** All that it printed so far. */
  output(): string
  stop(): Promise<number | null>
}

/** Starts the built demo on free ports and waits until it says that it is ready. */
export async function startDemoProcess(variables: Variables = {}): Promise<DemoProcess> {
  const names = [
    'NEXT_PORT',
    'FASTIFY_PORT',
    'NEST_PORT',
    'WRISTBAND_EMULATOR_PORT',
    'WINK_EMULATOR_PORT',
    'WISE_EMULATOR_PORT',
    'OIDC_PROVIDER_PORT',
  ] as const
  const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])))
  const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/run.js', import.meta.url))], {
    env: { ...process.env, ...ports, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // An interrupted run leaves no time to stop it otherwise.
  const end = (): void => void child.kill('SIGINT')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  let output = ''
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += String(chunk)
        if (output.includes('is ready')) resolve()
      })
    }
    child.once('exit', () => reject(new Error(`The demo ended: ${output}`)))
  })
  await ready
  const urlOf = (name: (typeof names)[number]): string => `http://localhost:${ports[name]}`
  return {
    url: urlOf('NEXT_PORT'),
    urls: { Next: urlOf('NEXT_PORT'), Fastify: urlOf('FASTIFY_PORT'), Nest: urlOf('NEST_PORT') },
    wiseUrl: urlOf('WISE_EMULATOR_PORT'),
    output: () => output,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit')
        child.kill('SIGINT')
        await ended
      }
      return child.exitCode
    },
  }
}
