import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storageNames } from './content/session-storage.ts'
import { readPorts } from './environment.ts'
import { startBackstageServer } from './run/backstage-server.ts'
import { createJourneys } from './run/journeys.ts'
import { startMissingSystems } from './run/missing-systems.ts'
import { startServers } from './run/servers.ts'
import { startingTable } from './run/starting-table.ts'
import { createTroubleMaker } from './run/troubles.ts'

const envFile = new URL('../.env', import.meta.url)
if (existsSync(envFile)) process.loadEnvFile(envFile)

const folder = await mkdtemp(join(tmpdir(), 'latchkey-demo-'))
const clockFile = join(folder, 'clock')
await writeFile(clockFile, '0')
const systems = await startMissingSystems(process.env)
const backstage = await startBackstageServer(
  createJourneys(systems.emulated),
  createTroubleMaker(systems.emulated, clockFile),
)
const servers = startServers(readPorts(process.env), {
  SESSION_SECRETS: randomBytes(32).toString('base64url'),
  LINK_RECORD_FILE: join(folder, 'links.sqlite'),
  CLOCK_FILE: clockFile,
  ...process.env,
  ...systems.variables,
  ...backstage.variables,
})

let stopping: Promise<void> | undefined
function stop(exitCode: number): void {
  process.exitCode = exitCode
  stopping ??= (async () => {
    await Promise.all(servers.map((server) => server.stop()))
    backstage.close()
    await systems.close()
    await rm(folder, { recursive: true, force: true })
  })()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0))
void Promise.race(servers.map(({ ended }) => ended)).then(() => stop(stopping === undefined ? 1 : 0))

const ready = await Promise.all(servers.map((server) => server.ready()))
if (ready.every((isReady) => isReady)) {
  const rows = servers.map(({ framework, url }) => ({ name: framework, what: 'the demo', url }))
  console.log(startingTable([...rows, ...systems.rows], storageNames[process.env.REDIS_URL ? 'redis' : 'cookie']))
}
