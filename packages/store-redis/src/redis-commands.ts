import type { Commands, Server } from './commands.ts'
import { redisError } from './errors.ts'
import type { RedisClient } from './redis-client.ts'
import { getScript, runScript } from './script.ts'

/**
 * The commands through a client of the package `redis`. A command that waits in the client (for a connection, for a place
 * in a pool, for a new primary) is withdrawn when its time is over.
 *
 * @throws `redis/client_unsupported` for version 4
 */
export function redisCommands(client: RedisClient): Commands {
  if (typeof client.commandsExecutor === 'function') throw redisError('redis/client_unsupported')

  const until = (abortSignal: AbortSignal): RedisClient =>
    // The client's own timeout would end at a stall of the event loop, before it had a turn to write.
    client.withCommandOptions?.({ abortSignal, timeout: 0 }) ?? client
  const run: Commands['run'] = (script, { key, values }, signal) => {
    const bounded = until(signal)
    const given = { keys: [key], arguments: [...values] }
    return runScript(
      () => bounded.evalSha(script.sha1, given),
      () => bounded.eval(script.text, given),
    )
  }
  const readsFromReplicas = typeof client.getMasterNode === 'function' || typeof client.nodeClient === 'function'

  const get: Commands['get'] = async (key, signal) =>
    readsFromReplicas ? ((await run(getScript, { key, values: [] }, signal)) as string | null) : until(signal).get(key)

  return {
    get,
    async getMany(keys, signal) {
      const bounded = until(signal)
      if (readsFromReplicas || bounded.mGet === undefined) return Promise.all(keys.map((key) => get(key, signal)))
      return bounded.mGet([...keys])
    },
    run,
    servers: () => serversOf(client),
  }
}

async function serversOf(client: RedisClient): Promise<readonly Server[]> {
  const { masters, nodeClient } = client
  const clients =
    masters === undefined || nodeClient === undefined
      ? [client]
      : await Promise.all(masters.map(async (node) => nodeClient.call(client, node)))
  return clients.flatMap((each) => {
    const { info, configGet } = each
    if (info === undefined || configGet === undefined) return []
    return [{ info: () => info.call(each), config: (parameter) => configGet.call(each, parameter) }]
  })
}
