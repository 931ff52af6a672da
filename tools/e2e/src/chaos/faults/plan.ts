import { setTimeout as wait } from 'node:timers/promises'
import { inScene, type Scene, type SceneOptions } from '../../../test/chaos/scene.ts'
import { type SingleRedis, startSingleRedis } from '../../../test/chaos/stores/redis-single.ts'
import { stores } from '../../../test/chaos/stores/stores.ts'
import { type Row, rowOf } from '../row.ts'
import { skewed, skews } from './clocks.ts'
import { rotated } from './deploy.ts'
import { killedUnderLoad, killedWhileRefreshing, mixed, mixedSecrets, stalled } from './process-faults.ts'
import { forgotten, primaryLost, silent, spoiledConnections } from './store-faults.ts'
import { moody, newKeys } from './vendor-faults.ts'

/** How much is done. */
export interface Extent {
  /** The short form takes under two minutes. */
  readonly isShort: boolean
  /** How many answers are to be checked in all. */
  readonly checkedAnswers: number
}

/** Takes rows as they are made, and tells how many answers have been checked. */
export interface Report {
  row(row: Row): void
  checked(): number
}

/** Some rows that are made one after the other on one fleet. */
export interface Part {
  readonly name: string
  run(report: Report): Promise<void>
}

/** Everything that is done. */
export function planOf({ isShort, checkedAnswers }: Extent): readonly Part[] {
  const single = (
    name: string,
    options: SceneOptions,
    play: (scene: Scene<SingleRedis>, report: Report) => Promise<void>,
  ): Part => ({ name, run: (report) => inScene(startSingleRedis, options, (scene) => play(scene, report)) })

  const deploys = (strategy: 'store' | 'cookie'): Part =>
    single(
      `deploy ${strategy}`,
      { count: isShort ? 10 : 40, isQuick: true, nodes: [0, 1, 2, 3].map(() => ({ strategy })) },
      async (scene, report) => report.row(await rotated(scene, isShort ? 12 : 40)),
    )
  const common = single('common', {}, async (scene, report) => {
    for (const seconds of isShort ? [1] : [1, 3, 6]) report.row(await silent(scene, seconds))
    report.row(await stalled(scene))
    report.row(await newKeys(scene))
    if (!isShort) for (const row of await spoiledConnections(scene)) report.row(row)
    for (const row of await moody(scene)) report.row(row)
    report.row(await killedUnderLoad(scene))
    report.row(await killedWhileRefreshing(scene, 'decided'))
    if (isShort) return
    report.row(await killedWhileRefreshing(scene, 'asked'))
    report.row(await forgotten(scene))
  })
  const failovers = Object.entries(stores).map(
    ([name, start]): Part => ({
      name: `failover ${name}`,
      run: (report) => inScene(start, {}, async (scene) => report.row(await primaryLost(scene, name))),
    }),
  )
  const apart = [
    single('secrets', { nodes: mixed }, async (scene, report) => report.row(await mixedSecrets(scene))),
    single('clocks', { nodes: skews }, async (scene, report) => report.row(await skewed(scene))),
  ]
  const identities = single('identities', { count: 40, isQuick: true }, async (scene, report) =>
    report.row(await unspoiled(scene, Math.max(2000, checkedAnswers - report.checked()))),
  )
  return isShort
    ? [common, ...failovers.slice(1, 2), ...apart, deploys('store'), identities]
    : [common, ...failovers, ...apart, deploys('store'), deploys('cookie'), identities]
}

/** Longer than it takes on a slow machine. */
const mostSeconds = 180

/** Nothing is spoiled: users are refreshed again and again, until so many answers have been checked. */
async function unspoiled(scene: Scene, answers: number): Promise<Row> {
  const end = performance.now() + mostSeconds * 1000
  const callCount = () => scene.users.reduce((sum, { subject }) => sum + scene.vendor.refreshes.asked(subject), 0)
  // A fast machine has its answers before each user's tokens were due once.
  const isEnough = (right: number) => right >= answers && callCount() > scene.users.length
  const tally = await scene.underLoad(async (counted) => {
    while (!isEnough(counted.right) && performance.now() < end) {
      await wait(1000)
      await scene.pass(11)
    }
  }, 0)
  const calls = callCount()
  return rowOf(
    {
      fault: `none: ${scene.users.length} users ask four processes, and their tokens are due every second`,
      promise: 'each answer has the identity and the token of who asked',
      tally,
    },
    { [`${calls} token calls`]: calls > scene.users.length },
  )
}
