import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, dirname } from 'node:path'
import { plainEnvironment } from './plain-shell.ts'

/** An app that answers. */
export interface RunningApp {
  readonly origin: string
  stop(): Promise<void>
}

/**
 * Runs the commands of a guide one after the other, under the Node of the workspace, and waits until the last one serves.
 *
 * @param settings Take the place of what the app's `.env` says.
 * @throws Error with the output, when one of them fails, or warns of something before it serves.
 */
export async function runApp(
  commands: readonly string[],
  folder: string,
  { port, ...settings }: { readonly port: number } & Readonly<Record<string, string | number>>,
): Promise<RunningApp> {
  const origin = `http://localhost:${port}`
  const run = (command: string) => startCommand(command, folder, { ...settings, PORT: port, BASE_URL: origin })
  for (const command of commands.slice(0, -1)) checkOutput(await run(command).end)
  const server = run(commands.at(-1) ?? '')
  try {
    await Promise.race([server.end, untilItAnswers(origin)])
  } catch (error) {
    await server.stop()
    throw error
  }
  return { origin, stop: server.stop }
}

/**
 * Runs commands to their ends; what the last one printed.
 *
 * @throws Error with the output, when one of them fails.
 */
export async function runCommands(
  commands: readonly string[],
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<string> {
  let output = ''
  for (const command of commands) output = await startCommand(command, folder, settings).end
  return output
}

function checkOutput(output: string): void {
  // Of its own telemetry Next says nothing here; a warning of our code would stop a newcomer.
  if (/\bwarnings?\b|not supported|deprecated/i.test(output)) throw new Error(`A build warns:\n${output}`)
}

interface RunningCommand {
  /** What it printed. Rejects when the command fails. */
  readonly end: Promise<string>
  stop(): Promise<void>
}

function startCommand(
  command: string,
  cwd: string,
  settings: Readonly<Record<string, string | number>>,
): RunningCommand {
  const plain = plainEnvironment()
  const path = [dirname(process.execPath), plain['PATH']].join(delimiter)
  const texts = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]))
  const env = { ...plain, PATH: path, NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', ...texts }
  // A group of its own, so that what the command starts ends with it.
  const child = spawn(command, { cwd, env, shell: true, detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  let isStopped = false
  const closed = once(child, 'close')
  const end = closed.then(([status]) => {
    if (status !== 0 && !isStopped) throw new Error(`${command}:\n${output}`)
    return output
  })
  return {
    end,
    async stop() {
      isStopped = true
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid)
      await closed
    },
  }
}

/** Waits for a server. @throws Error when nothing answers within a minute. */
export async function untilItAnswers(origin: string): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await answers(origin))) {
    if (Date.now() > deadline) throw new Error(`Nothing answers at ${origin}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function answers(origin: string): Promise<boolean> {
  try {
    await (await fetch(origin)).text()
    return true
  } catch {
    return false
  }
}
