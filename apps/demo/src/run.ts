import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPort } from './environment.ts'
import { startMissingSystems } from './run/missing-systems.ts'
import { startServer } from './run/server-process.ts'
import { startingTable } from './run/starting-table.ts'

const envFile = new URL('../.env', import.meta.url)
if (existsSync(envFile)) process.loadEnvFile(envFile)

const folder = await mkdtemp(join(tmpdir(), 'latchkey-demo-'))
const systems = await startMissingSystems(process.env)
const variables = {
  SESSION_SECRETS: randomBytes(32).toString('base64url'),
  JOIN_RECORD_FILE: join(folder, 'joined.sqlite'),
  ...process.env,
  ...systems.variables,
}
const fastify = startServer('Fastify', {
  module: new URL('./fastify/server.js', import.meta.url),
  port: readPort(process.env, 'FASTIFY_PORT', 3001),
  variables,
})

let stopping: Promise<void> | undefined
function stop(exitCode: number): void {
  process.exitCode = exitCode
  stopping ??= (async () => {
    await fastify.stop()
    await systems.close()
    await rm(folder, { recursive: true, force: true })
  })()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0))
void fastify.ended.then(() => stop(stopping === undefined ? 1 : 0))

if (await fastify.ready()) console.log(startingTable([{ name: 'Demo on Fastify', url: fastify.url }, ...systems.rows]))
