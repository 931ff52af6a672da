import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { type Flood, type FloodRequest, navigate, type OwnLogin } from './flood.ts'
import { type FloodedApp, type Keeping, startFloodedApp } from './flooded-app.ts'
import { floodsOf } from './floods.ts'
import { beginOwnLogin, startOthers, stateOf } from './others.ts'

/** What one flood did. */
export interface FloodResult {
  readonly what: string
  readonly keeping: Keeping
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>
  readonly storeCommands: number
  readonly vendorCalls: number
  /** What the memory in use grew by, in megabytes; null where the garbage cannot be collected first. */
  readonly grownMegabytes: number | null
  /** What was promised to others and broken, and bounds that were passed. */
  readonly broken: readonly string[]
}

/** How much is sent. */
export interface FloodOptions {
  /** Of each kind. */
  readonly count: number
  /** What the names of the kinds have in them. Default: any. */
  readonly only?: string
}

const connections = 32

const mostMegabytes = 60

/** Longer than any budget takes to fill, and than keys are fresh: each flood has to make us fetch them again. */
const pauseSeconds = 400

/** Sends each flood to a server of its own kind of sessions, beside users who are promised something. */
export async function runFloods(keeping: Keeping, options: FloodOptions): Promise<readonly FloodResult[]> {
  const app = await startFloodedApp(keeping)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  try {
    const results: FloodResult[] = []
    for (const flood of floodsOf(app)) {
      if (!flood.what.includes(options.only ?? '')) continue
      app.pass(pauseSeconds)
      results.push(await runFlood(app, agent, { flood, count: options.count }))
    }
    return results
  } finally {
    agent.destroy()
    await app.close()
  }
}

async function runFlood(
  app: FloodedApp,
  agent: Agent,
  { flood, count }: { readonly flood: Flood; readonly count: number },
): Promise<FloodResult> {
  const others = await startOthers(app)
  const shared = await beginOwnLogin(app)
  const before = { store: app.storeCommands(), vendor: app.vendorCalls(), memory: usedMemory() }
  const statuses: Record<string, number> = {}
  let sent = 0
  const worker = async (): Promise<void> => {
    while (sent < count) {
      const index = sent++
      const own = flood.begins === undefined ? shared : await beginAt(app, agent, flood.begins)
      const { status } = await send(app, agent, flood.request(index, own))
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  const storeCommands = app.storeCommands() - before.store
  const vendorCalls = app.vendorCalls() - before.vendor
  const now = usedMemory()
  const grownMegabytes = now === null || before.memory === null ? null : Math.round((now - before.memory) / 1024 / 1024)
  const broken = [
    ...(await others.brokenPromises()),
    ...overBound('commands to the store', storeCommands, flood.mostStoreCommands?.(count) ?? 0),
    ...overBound('calls of vendors', vendorCalls, flood.mostVendorCalls?.(count) ?? 0),
    ...overBound('MB', grownMegabytes ?? 0, mostMegabytes),
  ]
  return { what: flood.what, keeping: app.keeping, statuses, storeCommands, vendorCalls, grownMegabytes, broken }
}

function overBound(what: string, figure: number, most: number): readonly string[] {
  return figure > most ? [`${figure} ${what}, and ${most} are allowed`] : []
}

async function beginAt(app: FloodedApp, agent: Agent, path: string): Promise<OwnLogin> {
  const { headers } = await send(app, agent, navigate(path))
  const cookie = (headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0]).join('; ')
  return { state: stateOf(headers.location === undefined ? null : new URL(headers.location)), cookie }
}

function usedMemory(): number | null {
  if (globalThis.gc === undefined) return null
  globalThis.gc()
  return process.memoryUsage().heapUsed
}

function send(
  { port }: FloodedApp,
  agent: Agent,
  { method = 'GET', path, headers = {}, body }: FloodRequest,
): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: '127.0.0.1', port, path, method, agent, headers: { host: `localhost:${port}`, ...headers } },
      (incoming) => {
        incoming.resume()
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers }))
        incoming.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
