import { type ChildProcessByStdio, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { freePort } from '../loopback-server.ts'
import { findPostgres } from './service.ts'

type Keeper = ChildProcessByStdio<Writable, null, Readable>

/**
 * Runs the server until a line comes in, or until this process is gone, however it went: then its data go, too. The server
 * would outlive it, and the shell waits for the server. Its arguments are the folder, the program and the program's.
 */
const keeper = `folder=$1; shift; exec 3<&0
"$@" </dev/null 3<&- & server=$!
(
  if read -r line <&3; then kill -INT $server; exit; fi
  kill -QUIT $server 2>/dev/null || exit
  while kill -0 $server 2>/dev/null; do sleep 1; done
  rm -rf "$folder"
) 2>/dev/null &
exec 3<&- 2>/dev/null
wait $server`

/** How a PostgreSQL server is to run. */
export interface PostgresSettings {
  /** As in `postgresql.conf`: `{ fsync: 'on' }`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Whether it is a hot standby: it only reads. Its primary never sends anything. */
  readonly standby?: boolean
}

/** A PostgreSQL server of its own, on loopback, with its data in a temporary folder. */
export interface PostgresProcess {
  readonly port: number
  /** `postgres://postgres@127.0.0.1:port/postgres`, without a password */
  readonly url: string
  /** Ends it at once, in good order. Its data stay. */
  stop(): Promise<void>
  /** Starts it again after `stop`: the same port, the same data. */
  start(settings?: PostgresSettings): Promise<void>
  /** Ends it, and removes its data. */
  close(): Promise<void>
}

/**
 * Makes a PostgreSQL server and starts it; it takes connections when the promise resolves. It writes without waiting for
 * the disk, unless `settings` say otherwise.
 *
 * @throws Error when there is no PostgreSQL on this machine, or it does not start.
 */
export async function startPostgres(settings: PostgresSettings = {}): Promise<PostgresProcess> {
  const programs = findPostgres()
  if (programs === null) throw new Error('There is no PostgreSQL on this machine.')
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-postgres-'))
  const user = unprivilegedUser()
  const options = { cwd: folder, ...user } satisfies SpawnOptions
  if (user !== null) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const flags = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
  execFileSync(join(programs, 'initdb'), [`--pgdata=${data}`, ...flags], { ...options, stdio: 'pipe' })

  let server: Keeper | null = null
  const start = async ({ settings = {}, standby = false }: PostgresSettings = {}): Promise<void> => {
    const signal = join(data, 'standby.signal')
    if (standby) writeFileSync(signal, '')
    else rmSync(signal, { force: true })
    const given = { fsync: 'off', ...settings, listen_addresses: '127.0.0.1', unix_socket_directories: '' }
    const args = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    server = await run([folder, join(programs, 'postgres'), '-D', data, '-p', `${port}`, ...args], options)
  }
  const stop = async (): Promise<void> => {
    if (server === null) return
    const ended = once(server, 'exit')
    server.stdin.end('stop\n')
    await ended
    server = null
  }
  const close = async (): Promise<void> => {
    await stop()
    rmSync(folder, { recursive: true })
  }
  try {
    await start(settings)
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
  return { port, url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop, start, close }
}

/** PostgreSQL refuses to run as root: then it runs as the user that owns nothing. */
function unprivilegedUser(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

async function run(args: readonly string[], options: SpawnOptions): Promise<Keeper> {
  const server = spawn('sh', ['-c', keeper, 'sh', ...args], { ...options, stdio: ['pipe', 'ignore', 'pipe'] })
  let log = ''
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (chunk) => {
      log = `${log}${chunk}`.slice(-4000)
      if (/ready to accept (?:read-only )?connections/.test(log)) resolve()
    })
    server.once('error', reject)
    server.once('exit', () => {
      server.stdin.end()
      reject(new Error(`PostgreSQL did not start:\n${log}`))
    })
  })
  return server
}
