import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { freePort } from '../loopback-server.ts'
import { findRedis } from './service.ts'

type RedisChild = ChildProcessByStdio<null, Readable, Readable>

/** A Redis server of its own, on loopback, that keeps nothing on disk. */
export interface RedisProcess {
  readonly port: number
  /** `redis://127.0.0.1:port` */
  readonly url: string
  /** Ends it in good order. */
  stop(): Promise<void>
  /** Kills it: SIGKILL. */
  kill(): Promise<void>
  /** Makes it silent, with its connections open: SIGSTOP. */
  pause(): void
  /** Lets it go on after `pause`. */
  resume(): void
}

/**
 * Starts a Redis server, which takes connections when the promise resolves.
 *
 * @param options.port By default a free one. Give that of one that has ended to start it again.
 * @param options.args More arguments of `redis-server`: `['--maxmemory', '4mb']`.
 * @param options.config The text of a configuration file, which Sentinel (`args: ['--sentinel']`) needs.
 * @throws Error when there is no Redis on this machine, or it does not start.
 */
export async function startRedis(
  options: { readonly port?: number; readonly args?: readonly string[]; readonly config?: string } = {},
): Promise<RedisProcess> {
  const { port = await freePort(), args = [], config = '' } = options
  const command = findRedis()
  if (command === null) throw new Error('There is no Redis on this machine.')
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-redis-'))
  const file = join(folder, 'redis.conf')
  writeFileSync(file, config)
  const server = spawn(
    command,
    [file, '--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const ended = new Promise((resolve) => server.once('close', resolve)).then(() => rmSync(folder, { recursive: true }))
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    // A stopped process hears nothing but SIGKILL.
    server.kill('SIGCONT')
    server.kill(signal)
    await ended
  }
  const orphan = (): void => void server.kill('SIGKILL')
  process.once('exit', orphan)
  void ended.then(() => process.off('exit', orphan))

  await ready(server)
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
  }
}

function ready(server: RedisChild): Promise<void> {
  let log = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: unknown): void => {
      log += String(chunk)
      if (/ready to accept connections|sentinel id is/i.test(log)) resolve()
    }
    server.stdout.on('data', read)
    server.stderr.on('data', read)
    server.once('error', reject)
    server.once('close', () => reject(new Error(`Redis did not start:\n${log}`)))
  })
}
