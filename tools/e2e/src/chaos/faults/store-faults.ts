import { setTimeout as wait } from 'node:timers/promises'
import { isInEverywhere, type Scene } from '../../../test/chaos/scene.ts'
import type { SingleRedis } from '../../../test/chaos/stores/redis-single.ts'
import { ask, type User } from '../../../test/chaos/users.ts'
import { type Row, rowOf } from '../row.ts'

/** The primary is lost, at the moment when the vendor has rotated the tokens of one user. */
export async function primaryLost(scene: Scene, name: string): Promise<Row> {
  const { vendor, store, fleet, clock } = scene
  const user = await scene.expired()
  let isIn = false
  let back = 0
  let crashedAt = 0
  const tally = await scene.underLoad(async (counted) => {
    let crashed = Promise.resolve()
    vendor.once(user.subject, 'decided', () => {
      crashedAt = clock()
      crashed = store.crash()
    })
    const begun = performance.now()
    await askEverywhere(scene, user, counted)
    await crashed
    isIn = await isInEverywhere(scene, user, counted)
    await wait(2000)
    back = (counted.unavailableAt - begun) / 1000
  })
  const calls = vendor.refreshes.asked(user.subject)
  const reports = await Promise.all(fleet.nodes.map(async (node) => storeFailures(await node.events(), crashedAt)))
  return rowOf(
    {
      fault: `${name} loses its primary right after the vendor rotated`,
      promise:
        '503 until there is one again, within 20 s; no one signed out; one token call; each process says why within a ' +
        'second, once a second at most',
      tally,
    },
    {
      [`${calls} token call`]: calls === 1 && isIn,
      [`the last 503 after ${back.toFixed(1)} s`]: back < 20,
      [`events: ${[...new Set(reports.flatMap(({ reasons }) => reasons))].join(', ')}`]: reports.every(
        ({ firstAfter, mostInASecond }) => firstAfter <= 1 && mostInASecond === 1,
      ),
    },
  )
}

function storeFailures(
  events: Awaited<ReturnType<Scene['fleet']['nodes'][number]['events']>>,
  since: number,
): { readonly reasons: readonly string[]; readonly firstAfter: number; readonly mostInASecond: number } {
  const failures = events.flatMap((event) => (event.type === 'store.failed' && event.at >= since ? [event] : []))
  const times = failures.map(({ at }) => at)
  return {
    reasons: failures.map((event) => String(event['reason'])),
    firstAfter: Math.min(...times) - since,
    mostInASecond: Math.max(...times.map((at) => times.filter((other) => other === at).length)),
  }
}

function askEverywhere({ fleet }: Scene, ...[user, tally]: [User, Parameters<typeof ask>[2]]): Promise<unknown> {
  return Promise.all(fleet.nodes.map((node) => ask(node, user, tally)))
}

/** The store is silent for a while, from the moment when the vendor has rotated the tokens of one user. */
export async function silent(scene: Scene<SingleRedis>, seconds: number): Promise<Row> {
  const { vendor, store } = scene
  const user = await scene.expired()
  let isIn = false
  const tally = await scene.underLoad(async (counted) => {
    let over = Promise.resolve()
    vendor.once(user.subject, 'decided', () => {
      store.pause()
      over = wait(seconds * 1000).then(() => store.resume())
    })
    await askEverywhere(scene, user, counted)
    await over
    isIn = await isInEverywhere(scene, user, counted)
  })
  const calls = vendor.refreshes.asked(user.subject)
  return rowOf(
    {
      fault: `the store is silent for ${seconds} s right after the vendor rotated`,
      promise: 'no one signed out; one token call',
      tally,
    },
    { [`${calls} token call`]: calls === 1 && isIn },
  )
}

/** Faults of the connections to a store that is healthy itself. */
export async function spoiledConnections(scene: Scene<SingleRedis>): Promise<readonly Row[]> {
  const { proxy } = scene.store
  const promise = '503 while it lasts, right answers within 5 s of its end; no one signed out'
  const spoil = async (fault: string, begin: () => void, end: () => void): Promise<Row> => {
    let back = 0
    const tally = await scene.underLoad(async (counted) => {
      begin()
      await wait(4000)
      end()
      const endedAt = performance.now()
      await wait(6000)
      back = Math.max(0, (counted.unavailableAt - endedAt) / 1000)
    })
    return rowOf({ fault, promise, tally }, { [`the last 503 ${back.toFixed(1)} s after its end`]: back < 5 })
  }
  const delay = (milliseconds: number) => () => {
    proxy.delayMilliseconds = milliseconds
  }
  return [
    await spoil('the store answers 2 s late, for 4 s', delay(2000), delay(0)),
    await spoil(
      'all connections to the store are half open: nothing comes through',
      () => proxy.mute(),
      () => {},
    ),
  ]
}

/** The store starts again with nothing. */
export async function forgotten(scene: Scene<SingleRedis>): Promise<Row> {
  const tally = await scene.underLoad(async (counted) => {
    await scene.store.forget()
    const settled = counted.right
    await wait(4000)
    if (counted.right > settled + 1000) throw new Error('The store has forgotten nothing.')
  })
  const user = await scene.arrive()
  const isIn = await isInEverywhere(scene, user, tally)
  return rowOf(
    {
      fault: 'the store is killed and starts with nothing that it had',
      promise: 'no one is let in by what is gone, and new sign-ins work',
      tally,
      mayLose: { count: scene.users.length - 1, because: 'the sessions were in that store alone' },
    },
    { 'a new sign-in works': isIn },
  )
}
