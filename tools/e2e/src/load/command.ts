import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import autocannon, { type Result } from 'autocannon'
import type { ServerReport } from './server-process.ts'

const connections = 64
const mostGrowth = 20
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    'warm-up': { type: 'string', default: '30' },
    strategy: { type: 'string', default: 'cookie' },
  },
})

const server = fork(join(import.meta.dirname, 'server-process.ts'), [values.strategy], {
  execArgv: ['--expose-gc', ...process.execArgv],
})
const [{ port, cookie }] = (await once(server, 'message')) as [ServerReport]
const run = (path: string, duration: number): Promise<Result> =>
  autocannon({ url: `http://127.0.0.1:${port}${path}`, connections, duration, headers: { cookie } })

console.info(`Fastify with a session (${values.strategy}), ${connections} connections`)
await run('/me', Number(values['warm-up']))
const before = await memoryOf(server)
const result = await run('/me', Number(values.seconds))
const after = await memoryOf(server)
const bare = await run('/bare', Math.min(10, Number(values.seconds)))
server.kill()

const errors = result.errors + result.timeouts + result.non2xx
const growth = inMegabytes(after.rss - before.rss)
print('requests', `${result.requests.total} in ${values.seconds} s: ${Math.round(result.requests.average)} a second`)
print('a route without a session', `${Math.round(bare.requests.average)} a second`)
print('latency', `p50 ${result.latency.p50} ms, p99 ${result.latency.p99} ms, most ${result.latency.max} ms`)
print('errors', `${errors}`)
print('memory after warm-up', `${inMegabytes(before.rss)} MB, heap ${inMegabytes(before.heapUsed)} MB`)
print('memory at the end', `${inMegabytes(after.rss)} MB, heap ${inMegabytes(after.heapUsed)} MB`)
print('growth', `${growth} MB of ${mostGrowth} MB allowed`)
if (errors > 0 || growth >= mostGrowth) process.exitCode = 1

async function memoryOf(child: ChildProcess): Promise<NodeJS.MemoryUsage> {
  const answer = once(child, 'message')
  child.send('memory')
  return (await answer)[0] as NodeJS.MemoryUsage
}

function inMegabytes(bytes: number): number {
  return Math.round((bytes / 1024 / 1024) * 10) / 10
}

function print(name: string, value: string): void {
  console.info(`${name.padEnd(26)} ${value}`)
}
