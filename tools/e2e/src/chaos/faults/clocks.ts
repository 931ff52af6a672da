import { createTestBrowser } from '@latchkey/testkit'
import { origin } from '../../../test/chaos/app-settings.ts'
import type { AppNode } from '../../../test/chaos/fleet.ts'
import { isInEverywhere, type Scene, type SceneOptions } from '../../../test/chaos/scene.ts'
import { ask, createTally, serversOf } from '../../../test/chaos/users.ts'
import { type Row, rowOf } from '../row.ts'

/** How the processes of {@link skewed} differ: two are right, one is behind, one ahead. */
export const skews: NonNullable<SceneOptions['nodes']> = [0, -15, 15, 0].map((aheadSeconds) => ({ aheadSeconds }))

/** The clock of a process is 15 s off: users step up there, and are signed out there. */
export async function skewed(scene: Scene): Promise<Row> {
  const tally = createTally()
  const [right, behind, ahead, other] = scene.fleet.nodes as [AppNode, AppNode, AppNode, AppNode]
  const ways = [
    [behind],
    [ahead],
    [right, behind],
    [behind, right],
    [right, ahead],
    [ahead, right],
    [behind, ahead],
    [behind, right, other],
    [ahead, right, other],
    [right, behind, ahead, other],
  ]
  const loops: string[] = []
  for (const way of ways) {
    const user = await scene.arrive()
    const browser = createTestBrowser({ origin, servers: serversOf(() => way) })
    browser.cookies.set('__Host-latchkey', user.browser.cookies.get('__Host-latchkey') ?? '')
    browser.cookies.set('user', user.subject, scene.vendor.issuer)
    await browser
      .open('/recent')
      .then((answer) => browser.follow(answer))
      .catch(() => void loops.push(way.map(({ settings }) => settings.aheadSeconds).join(', ')))
  }
  let isIn = true
  for (const node of scene.fleet.nodes) {
    const user = await scene.arrive()
    await node.order({ kind: 'revoke', subject: user.subject })
    user.isOut = true
    await Promise.all(scene.fleet.nodes.map((one) => ask(one, user, tally)))
    isIn = isIn && (await isInEverywhere(scene, await scene.arrive(), tally))
  }
  return rowOf(
    {
      fault: 'the clock of one process is 15 s behind, that of another 15 s ahead',
      promise: 'no loop of redirects at a step-up; no revoked user let in; others are let in everywhere',
      tally,
    },
    {
      [`${loops.length} loops in ${ways.length} ways through the processes${loops.length > 0 ? ` (${loops.join('; ')})` : ''}`]:
        loops.length === 0,
      'others are let in everywhere': isIn,
    },
  )
}
