import type { Commands } from './commands.ts'
import { redisError } from './errors.ts'
import type { IoredisClient, IoredisOptions } from './ioredis-client.ts'
import { runScript } from './script.ts'

/**
 * The commands through a client of the package `ioredis`, which cannot withdraw a command that waits. So it must be set up
 * to let none wait, and to send none twice.
 *
 * @throws `redis/client_unsupported`, `redis/client_resends`, `redis/client_reads_replicas`
 */
export function ioredisCommands(client: IoredisClient): Commands {
  checkOptions(client)
  const nodes = client.isCluster === true ? nodesOf(client) : null

  return {
    async get(key, signal) {
      await nodes?.ready(signal)
      return client.get(key)
    },
    async getMany(keys, signal) {
      await nodes?.ready(signal)
      return nodes === null ? client.mget(...keys) : Promise.all(keys.map((key) => client.get(key)))
    },
    async run(script, { key, values }, signal) {
      await nodes?.ready(signal)
      return runScript(
        () => client.evalsha(script.sha1, 1, key, ...values),
        () => client.eval(script.text, 1, key, ...values),
      )
    },
    servers: async () =>
      (client.nodes?.('master') ?? [client]).map((node) => ({
        info: () => node.info(),
        config: (parameter) => node.config('GET', parameter),
      })),
  }
}

function checkOptions({ options, isCluster = false }: IoredisClient): void {
  const ofConnection = isCluster ? (options.redisOptions ?? {}) : options
  if ('dropBufferSupport' in ofConnection) throw redisError('redis/client_unsupported')
  if (isCluster ? clusterResends(options) : resends(options)) throw redisError('redis/client_resends')
  const { role = 'master', readOnly = false } = ofConnection
  if ((options.scaleReads ?? 'master') !== 'master' || role !== 'master' || readOnly) {
    throw redisError('redis/client_reads_replicas')
  }
}

function resends({ enableOfflineQueue, autoResendUnfulfilledCommands, maxRetriesPerRequest }: IoredisOptions): boolean {
  return enableOfflineQueue !== false || autoResendUnfulfilledCommands !== false || maxRetriesPerRequest !== 0
}

function clusterResends(options: IoredisOptions): boolean {
  const { enableOfflineQueue, retryDelayOnFailover, retryDelayOnClusterDown, clusterNodeRetryStrategy } = options
  return (
    enableOfflineQueue !== false ||
    retryDelayOnFailover !== 0 ||
    retryDelayOnClusterDown !== 0 ||
    // A node that never connects again sends nothing again.
    (typeof clusterNodeRetryStrategy === 'function' && resends({ enableOfflineQueue, ...options.redisOptions }))
  )
}

/** Waits until the nodes of a cluster are connected, for one that connects refuses what is sent to it. */
function nodesOf(cluster: IoredisClient): { ready(signal: AbortSignal): Promise<void> } {
  const connecting = new WeakMap<IoredisClient, Promise<void>>()
  const connected = (node: IoredisClient): Promise<void> => {
    const present = connecting.get(node)
    if (present !== undefined) return present
    const settled = settling(node).finally(() => connecting.delete(node))
    connecting.set(node, settled)
    return settled
  }
  const unready = (): readonly IoredisClient[] =>
    (cluster.nodes?.('master') ?? []).filter(({ status }) => status !== 'ready' && status !== 'end')

  return {
    async ready(signal) {
      const waiting = unready()
      if (waiting.length === 0) return
      await Promise.race([Promise.all(waiting.map(connected)), once(signal)])
      if (unready().length > 0) throw new Error('a node of the cluster is not connected')
    },
  }
}

async function settling(node: IoredisClient): Promise<void> {
  if (node.status === 'wait') node.connect().catch(() => undefined)
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      node.off('ready', settle)
      node.off('end', settle)
      resolve()
    }
    node.once('ready', settle)
    node.once('end', settle)
  })
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
