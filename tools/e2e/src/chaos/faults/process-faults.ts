import { setTimeout as wait } from 'node:timers/promises'
import type { AppNode } from '../../../test/chaos/fleet.ts'
import { isInEverywhere, type Scene, type SceneOptions, secrets } from '../../../test/chaos/scene.ts'
import { ask, type User } from '../../../test/chaos/users.ts'
import { type Row, rowOf } from '../row.ts'

/** Processes are killed while they answer, and others start in their place. */
export async function killedUnderLoad(scene: Scene): Promise<Row> {
  const { fleet } = scene
  const tally = await scene.underLoad(async () => {
    for (const node of fleet.nodes.slice(0, 2)) {
      await node.kill()
      await fleet.replace(node)
      await wait(500)
    }
  })
  return rowOf({ fault: 'kill -9 of two of four processes under load', promise: 'no one signed out', tally }, {})
}

/** The process that refreshes is killed, before or after the vendor has rotated. */
export async function killedWhileRefreshing(scene: Scene, moment: 'asked' | 'decided'): Promise<Row> {
  const { fleet, vendor } = scene
  const user = await scene.expired()
  const [node] = fleet.nodes as [AppNode]
  const refusedBefore = vendor.refreshes.refused()
  vendor.once(user.subject, moment, async () => {
    await node.kill()
    // Until the vendor has seen that its caller is gone.
    await wait(200)
  })
  let isIn = false
  const tally = await scene.underLoad(async (counted) => {
    await ask(node, user, counted)
    await fleet.replace(node)
    isIn = await isInEverywhere(scene, user, counted)
  })
  const refused = vendor.refreshes.refused() - refusedBefore
  const isBefore = moment === 'asked'
  const events = (await Promise.all(fleet.nodes.map((one) => one.events()))).flat()
  const reports = events.filter(({ type, at }) => type === 'session.ended' && at >= scene.clock() - 60).length
  if (isBefore) {
    return rowOf(
      {
        fault: 'kill -9 of the process that refreshes, before the vendor has rotated',
        promise: 'another takes over when the lock has ended, 11 s later; no one signed out',
        tally,
      },
      { [`${refused} refused by the vendor`]: refused === 0, 'the user has new tokens': isIn },
    )
  }
  return rowOf(
    {
      fault: 'kill -9 of the process that refreshes, after the vendor has rotated',
      promise: 'the one session ends, and `session.ended` says so once',
      tally,
      mayLose: {
        count: 1,
        because: 'the new tokens were in that process alone; only a grace time of the vendor helps',
      },
    },
    { [`${reports} × session.ended`]: reports === 1 },
  )
}

/** The event loop of every process stands still, while the store is healthy. */
export async function stalled(scene: Scene): Promise<Row> {
  const tally = await scene.underLoad(async () => {
    for (let round = 0; round < 5; round++) {
      await Promise.all(scene.fleet.nodes.map((node) => node.order({ kind: 'stall', milliseconds: 600 })))
      await wait(300)
    }
  })
  return rowOf(
    {
      fault: 'the event loop of each process stands still for 600 ms, five times, with a healthy store',
      promise: '0 × 503',
      tally,
    },
    { 'no 503': tally.unavailable === 0 },
  )
}

/** How the processes of {@link mixedSecrets} differ. */
export const mixed: NonNullable<SceneOptions['nodes']> = [0, 1, 2, 3].map((node) => ({
  secrets: node % 2 === 0 ? [secrets.old, secrets.young] : [secrets.young, secrets.old],
}))

/** Two processes list the secrets the other way round, and all users are due at once. */
export async function mixedSecrets(scene: Scene): Promise<Row> {
  const users: User[] = []
  for (let count = 0; count < 10; count++) users.push(await scene.arrive())
  await scene.pass(41)
  const revoked = await scene.arrive()
  await scene.fleet.next().order({ kind: 'revoke', subject: revoked.subject })
  revoked.isOut = true
  const tally = await scene.underLoad(async (counted) => {
    await Promise.all([...users, revoked].flatMap((user) => scene.fleet.nodes.map((node) => ask(node, user, counted))))
  })
  const calls = users.map(({ subject }) => scene.vendor.refreshes.asked(subject))
  const isOnce = calls.every((count) => count === 1)
  return rowOf(
    {
      fault: 'two of four processes list the secrets the other way round, and ten users are due at all of them at once',
      promise: 'one token call for each; no one signed out; who was signed out everywhere stays so at each process',
      tally,
    },
    { [`${calls.reduce((sum, count) => sum + count, 0)} token calls for ${users.length} users`]: isOnce },
  )
}
