import { once } from 'node:events'
import { join } from 'node:path'
import type { AuthEvent } from '@latchkey/core'
import { forkSource } from '../fork-source.ts'
import type { AppSettings, Order } from './app-settings.ts'
import { until } from './until.ts'

/** A process of the app. */
export interface AppNode {
  readonly url: string
  readonly settings: AppSettings
  /** Gives it an order, and waits until it is carried out. */
  order(order: Order): Promise<unknown>
  events(): Promise<readonly AuthEvent[]>
  /** SIGKILL. */
  kill(): Promise<void>
  /** Ends it in good order. */
  stop(): Promise<void>
}

/** The processes of one app, behind a balancer. */
export interface Fleet {
  readonly nodes: readonly AppNode[]
  /** One of the processes, by turns. */
  next(): AppNode
  /** Starts a process and gives it the place of another, which no longer gets requests then. */
  replace(old: AppNode, settings?: Partial<AppSettings>): Promise<void>
  /** Lets time pass for all of them. */
  pass(seconds: number): Promise<void>
  close(): Promise<void>
}

/** Starts a process for each of the settings. */
export async function startFleet(settings: readonly AppSettings[]): Promise<Fleet> {
  let nodes = await Promise.all(settings.map(startNode))
  const started = [...nodes]
  let turn = 0
  let passed = 0
  return {
    get nodes() {
      return nodes
    },
    next: () => nodes[turn++ % nodes.length] as AppNode,
    async replace(old, changed = {}) {
      const { aheadSeconds } = { ...old.settings, ...changed }
      const node = await startNode({ ...old.settings, ...changed, aheadSeconds: aheadSeconds + passed })
      started.push(node)
      nodes = nodes.map((one) => (one === old ? { ...node, settings: { ...node.settings, aheadSeconds } } : one))
    },
    async pass(seconds) {
      passed += seconds
      await Promise.all(nodes.map((node) => node.order({ kind: 'pass', seconds })))
    },
    async close() {
      await Promise.all(started.map((node) => node.kill()))
    },
  }
}

async function startNode(settings: AppSettings): Promise<AppNode> {
  const child = forkSource(join(import.meta.dirname, 'app-process.ts'), { SETTINGS: JSON.stringify(settings) })
  const ended = once(child, 'exit')
  const started = once(child, 'message') as Promise<[number]>
  const [port] = await Promise.race([started, ended.then(() => Promise.reject(new Error('A process did not start.')))])
  const url = `http://127.0.0.1:${port}`
  const order: AppNode['order'] = async (order) => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${url}/orders`, { method: 'POST', headers, body: JSON.stringify(order) })).json()
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await ended
  }
  return {
    url,
    settings,
    order,
    events: () => order({ kind: 'events' }) as Promise<readonly AuthEvent[]>,
    kill: () => end('SIGKILL'),
    // Connections that a client keeps open end a while later: nothing is under way on them.
    async stop() {
      child.kill('SIGTERM')
      await until('the process has ended', async () => child.exitCode !== null).catch(() => end('SIGKILL'))
    },
  }
}
