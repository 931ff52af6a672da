import { setTimeout as wait } from 'node:timers/promises'
import { type Row, rowOf } from '../row.ts'
import { isInEverywhere, type Scene } from '../scene.ts'
import { ask, type User } from '../users.ts'

/** The primary is lost, at the moment when the vendor has rotated the tokens of one user. */
export async function primaryLost(scene: Scene, name: string): Promise<Row> {
  const { vendor, store, fleet } = scene
  const [user] = (await scene.expired()) as [User]
  let isIn = false
  let back = 0
  const tally = await scene.underLoad(async (counted) => {
    let crashed: Promise<void> | null = null
    vendor.once(user.subject, 'decided', () => void (crashed = store.crash()))
    const begun = performance.now()
    await Promise.all(fleet.nodes.map((node) => ask(node, user, counted)))
    await crashed
    isIn = await isInEverywhere(scene, user, counted)
    await wait(2000)
    back = (counted.unavailableAt - begun) / 1000
  })
  const calls = vendor.refreshes.asked(user.subject)
  return rowOf(
    {
      fault: `${name} loses its primary right after the vendor rotated`,
      promise: '503 until there is one again, within 20 s; no one signed out; one token call',
      tally,
    },
    { [`${calls} token call`]: calls === 1 && isIn, [`the last 503 after ${back.toFixed(1)} s`]: back < 20 },
  )
}

/** The store is silent for a while, from the moment when the vendor has rotated the tokens of one user. */
export const silent =
  (seconds: number) =>
  async (scene: Scene): Promise<Row> => {
    const { vendor, store, fleet } = scene
    const [user] = (await scene.expired()) as [User]
    let isIn = false
    const tally = await scene.underLoad(async (counted) => {
      let over = Promise.resolve()
      vendor.once(user.subject, 'decided', () => {
        store.pause()
        over = wait(seconds * 1000).then(() => store.resume())
      })
      await Promise.all(fleet.nodes.map((node) => ask(node, user, counted)))
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
