import { randomUUID } from 'node:crypto'
import type { Commands, Server } from './commands.ts'
import { withDeadline } from './deadline.ts'
import { redisError } from './errors.ts'
import type { RedisClient } from './redis-client.ts'
import { getScript, runScript, type Script } from './script.ts'

const trialSeconds = 10

/**
 * The commands through a client of the package `redis`. A command that waits in the client (for a connection, for a place
 * in a pool, for a new primary) is withdrawn when its deadline is over.
 *
 * @throws `redis/client_unsupported` for version 4, which does not know today's options of SET: it would add twice, and
 *   nothing would expire
 */
export function redisCommands(client: RedisClient, prefix: string): Commands {
  if (typeof client.commandsExecutor === 'function') throw redisError('redis/client_unsupported')

  const send = <T>(command: (client: RedisClient) => Promise<T>): Promise<T> =>
    withDeadline((abortSignal) =>
      // The client's own timeout would end at a stall of the event loop, before it had a turn to write.
      command(client.withCommandOptions?.({ abortSignal, timeout: 0 }) ?? client),
    )
  const run = (script: Script, key: string, values: readonly string[]): Promise<unknown> => {
    const given = { keys: [key], arguments: [...values] }
    return send((client) =>
      runScript(
        () => client.evalSha(script.sha1, given),
        () => client.eval(script.text, given),
      ),
    )
  }
  const readsFromReplicas = typeof client.getMasterNode === 'function' || typeof client.nodeClient === 'function'
  const expiration = (value: number) => ({ type: 'EX', value }) as const

  const commands: Commands = {
    get: async (key) =>
      readsFromReplicas ? ((await run(getScript, key, [])) as string | null) : send((client) => client.get(key)),
    async set(key, value, lifetime) {
      await send((client) => client.set(key, value, { expiration: expiration(lifetime) }))
    },
    add: (key, value, lifetime) =>
      send((client) => client.set(key, value, { expiration: expiration(lifetime), condition: 'NX', GET: true })),
    remove: async (key) => (await send((client) => client.del(key))) === 1,
    run: async (script, key, values) => (await run(script, key, values)) === 1,
    servers: () => serversOf(client),
  }
  return client.withCommandOptions === undefined ? tried(commands, prefix) : commands
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

/**
 * The commands, after a trial before the first write: an app's own object may hide a client of version 4, or leave out an
 * option of SET.
 */
function tried(commands: Commands, prefix: string): Commands {
  let trial: Promise<void> | null = null
  const afterTrial = async <T>(command: () => Promise<T>): Promise<T> => {
    trial ??= tryOut(commands, `${prefix}trial:${randomUUID()}`)
    try {
      await trial
    } catch (error) {
      trial = null
      throw error
    }
    return command()
  }
  return {
    ...commands,
    set: (...given) => afterTrial(() => commands.set(...given)),
    add: (...given) => afterTrial(() => commands.add(...given)),
    run: (...given) => afterTrial(() => commands.run(...given)),
  }
}

async function tryOut(commands: Commands, key: string): Promise<void> {
  const first = await commands.add(key, 'first', trialSeconds)
  const second = await commands.add(key, 'second', trialSeconds)
  const held = await commands.get(key)
  await commands.remove(key)
  // Its own value: the client sent the command twice.
  const isAdded = first === null || first === 'first'
  if (!isAdded || second !== 'first' || held !== 'first') throw redisError('redis/client_unsupported')
}
