import { setTimeout as wait } from 'node:timers/promises'
import { type Scene, secrets } from '../../../test/chaos/scene.ts'
import { type Row, rowOf } from '../row.ts'

/** A secret is replaced in two rolling deploys, one right after the other, while all users ask and are refreshed. */
export async function rotated(scene: Scene, settleSeconds: number): Promise<Row> {
  const { fleet, users, vendor } = scene
  const deploy = async (list: readonly string[]): Promise<void> => {
    for (const node of fleet.nodes) {
      await fleet.replace(node, { secrets: list })
      await node.stop()
    }
  }
  let before: readonly number[] = []
  const refreshes = (): readonly number[] => users.slice(1).map(({ subject }) => vendor.refreshes.asked(subject))
  const tally = await scene.underLoad(async () => {
    await deploy([secrets.old, secrets.young])
    await deploy([secrets.young, secrets.old])
    before = refreshes()
    await wait(settleSeconds * 1000)
  }, 100)
  const after = refreshes()
  const isRefreshed = after.every((count, index) => count > (before[index] ?? 0))
  const [{ settings }] = fleet.nodes as [(typeof fleet.nodes)[number]]
  return rowOf(
    {
      fault: `two rolling deploys replace the secret, ${fleet.nodes.length} processes, ${users.length} users with tokens of 40 s (sessions: ${settings.strategy})`,
      promise: 'no one signed out; `revokeSessions` from before the first deploy still holds after the second',
      tally,
    },
    {
      [`${after.reduce((sum, count) => sum + count, 0)} token calls`]: isRefreshed,
      [`${vendor.refreshes.refused()} refused by the vendor`]: vendor.refreshes.refused() === 0,
    },
  )
}
