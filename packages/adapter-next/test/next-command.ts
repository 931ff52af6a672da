import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@latchkey/tool-test-support'

/** Builds an app with nothing in its environment that it needs to run; by the Next of this name in `node_modules`. */
export async function buildApp(
  app: string,
  next = 'next',
): Promise<{ readonly status: number | null; readonly output: string }> {
  rmSync(join(app, '.next'), { recursive: true, force: true })
  const build = runNext(['build', app], {}, next)
  const [status] = (await once(build.process, 'close')) as [number | null]
  return { status, output: build.output() }
}

/** A built app that runs. */
export interface RunningApp {
  readonly origin: string
  readonly port: number
  /** Everything that it printed. */
  output(): string
  stop(): Promise<void>
}

/** Starts a built app on a free port; by the Next of this name in `node_modules`. */
export async function startApp(
  app: string,
  environment: Readonly<Record<string, string>>,
  next = 'next',
): Promise<RunningApp> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const options = ['start', app, '--port', String(port), '--hostname', '127.0.0.1']
  const server = runNext(options, { ...environment, BASE_URL: origin }, next)
  while (!server.output().includes('Ready in')) {
    if (server.process.exitCode !== null) throw new Error(server.output())
    await Promise.race([once(server.process.stdout, 'data'), once(server.process, 'close')])
  }
  return {
    origin,
    port,
    output: server.output,
    async stop() {
      if (server.process.exitCode !== null) return
      server.process.kill()
      await once(server.process, 'close')
    },
  }
}

function runNext(
  options: readonly string[],
  environment: Readonly<Record<string, string>>,
  next = 'next',
): { readonly process: ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> }; output(): string } {
  const command = join(import.meta.dirname, '../node_modules', next, 'dist/bin/next')
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [command, ...options], {
    env: { PATH, HOME, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  return { process: child, output: () => output }
}
