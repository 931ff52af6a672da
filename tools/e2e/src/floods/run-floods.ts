import { Agent, request as httpRequest } from 'node:http'
import { createTestBrowser, type TestBrowser } from '@latchkey/testkit'
import { type FloodedApp, startFloodedApp } from './flooded-app.ts'
import { type Flood, type FloodRequest, floodsOf } from './floods.ts'

/** What one flood did. */
export interface FloodResult {
  readonly what: string
  readonly count: number
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>
  readonly storeCommands: number
  readonly vendorCalls: number
  /** What the memory in use grew by, in megabytes; null where the garbage cannot be collected first. */
  readonly grownMegabytes: number | null
  /** What was promised to others and broken, and bounds that were passed. */
  readonly broken: readonly string[]
}

const connections = 32

const mostMegabytes = 40

/** Sends each flood to a server of its own kind of sessions, beside users who are promised something. */
export async function runFloods(strategy: 'cookie' | 'store', count: number): Promise<readonly FloodResult[]> {
  const app = await startFloodedApp(strategy)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  try {
    const results: FloodResult[] = []
    for (const flood of floodsOf(strategy)) results.push(await runFlood(app, agent, { flood, count }))
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
  const before = { store: app.storeCommands(), vendor: app.vendorCalls(), memory: usedMemory() }
  const statuses: Record<string, number> = {}
  let sent = 0
  const worker = async (): Promise<void> => {
    while (sent < count) {
      const status = await send(app.origin, agent, flood.request(sent++))
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  const storeCommands = app.storeCommands() - before.store
  const vendorCalls = app.vendorCalls() - before.vendor
  const now = usedMemory()
  const grownMegabytes = now === null || before.memory === null ? null : Math.round((now - before.memory) / 1024 / 1024)
  const broken = [
    ...(await brokenPromises(app, others)),
    ...overBound('commands to the store', storeCommands, flood.mostStoreCommands?.(count)),
    ...overBound('calls of vendors', vendorCalls, flood.mostVendorCalls?.(count)),
    ...overBound('MB', grownMegabytes ?? 0, mostMegabytes),
  ]
  return { what: flood.what, count, statuses, storeCommands, vendorCalls, grownMegabytes, broken }
}

function overBound(what: string, figure: number, most = 0): readonly string[] {
  return figure > most ? [`${figure} ${what}, and ${most} are allowed`] : []
}

/** Users beside a flood. */
interface Others {
  readonly signedIn: TestBrowser
  readonly pending: { readonly browser: TestBrowser; readonly callback: string }
  readonly redeemed: { readonly browser: TestBrowser; readonly callback: string }
}

function openBrowser({ auth }: FloodedApp): TestBrowser {
  return createTestBrowser({ origin: 'http://localhost:3001', answer: (request) => auth.handle(request) })
}

async function begin(browser: TestBrowser, subject: string): Promise<string> {
  const { location } = await browser.open('/auth/acme/login', { from: '/' })
  return `/auth/acme/callback?state=${encodeURIComponent(location?.searchParams.get('state') ?? '')}&subject=${subject}`
}

async function startOthers(app: FloodedApp): Promise<Others> {
  const [signedIn, waiting, used] = [openBrowser(app), openBrowser(app), openBrowser(app)]
  await signedIn.open(await begin(signedIn, 'ada'))
  const callback = await begin(used, 'bob')
  const copy = used.copy()
  await used.open(callback)
  return {
    signedIn,
    pending: { browser: waiting, callback: await begin(waiting, 'eve') },
    redeemed: { browser: copy, callback: `${callback}&again=1` },
  }
}

async function brokenPromises(
  { auth }: FloodedApp,
  { signedIn, pending, redeemed }: Others,
): Promise<readonly string[]> {
  const { session } = await auth.getSession(signedIn.request('/page'), { readOnly: true })
  const arrived = await pending.browser.open(pending.callback)
  const again = await redeemed.browser.open(redeemed.callback)
  return [
    ...(session?.user.subject === 'ada' ? [] : ['a user was signed out']),
    ...(arrived.status === 303 && pending.browser.cookies.names().includes('__Host-latchkey')
      ? []
      : ['a login that was under way was lost']),
    ...(redeemed.browser.cookies.names().includes('__Host-latchkey') || again.status < 300
      ? ['a login was redeemed twice']
      : []),
  ]
}

function usedMemory(): number | null {
  if (globalThis.gc === undefined) return null
  globalThis.gc()
  return process.memoryUsage().heapUsed
}

function send(
  origin: string,
  agent: Agent,
  { method = 'GET', path, headers = {}, body }: FloodRequest,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(origin + path, { method, agent, headers: { ...headers } }, (incoming) => {
      incoming.resume()
      incoming.on('end', () => resolve(String(incoming.statusCode)))
      incoming.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
