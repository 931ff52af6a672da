import { setTimeout as wait } from 'node:timers/promises'
import { isInEverywhere, type Scene } from '../../../test/chaos/scene.ts'
import { ask, createTally } from '../../../test/chaos/users.ts'
import type { Mood } from '../../../test/chaos/vendor.ts'
import { type Row, rowOf } from '../row.ts'

const moods: Readonly<Record<Exclude<Mood, 'good'>, string>> = {
  slow: 'takes 3 s to answer',
  dripping: 'drips its answer and never ends',
  busy: 'answers 429',
  silent: 'never answers',
}

/** The vendor fails refreshes in each of its ways, each for another user, all at once. */
export async function moody(scene: Scene): Promise<readonly Row[]> {
  const { vendor, fleet } = scene
  const cases = []
  for (const mood of Object.keys(moods) as (keyof typeof moods)[]) {
    const user = await scene.arrive()
    vendor.treat(user.subject, mood)
    cases.push({ mood, user, tally: createTally(), longest: 0 })
  }
  await scene.pass(41)
  await Promise.all(
    cases.map(async (one) => {
      const begun = performance.now()
      await Promise.all(fleet.nodes.map((node) => ask(node, one.user, one.tally)))
      one.longest = (performance.now() - begun) / 1000
    }),
  )
  for (const { user } of cases) vendor.treat(user.subject, 'good')
  // Longer than a failed refresh is left alone.
  await scene.pass(70)
  const rows: Row[] = []
  for (const { mood, user, tally, longest } of cases) {
    const isIn = await isInEverywhere(scene, user, tally)
    rows.push(
      rowOf(
        {
          fault: `the token endpoint ${moods[mood]}, and the token has expired`,
          promise:
            'requests are answered within 7 s, without a token at worst; no one signed out; refreshed afterwards',
          tally,
        },
        { [`answered within ${longest.toFixed(1)} s`]: longest < 7, 'refreshed afterwards': isIn },
      ),
    )
  }
  return rows
}

/** The vendor is gone for a moment, and signs with new keys then. */
export async function newKeys(scene: Scene): Promise<Row> {
  const user = await scene.expired()
  const tally = await scene.underLoad(async () => {
    await scene.vendor.restart()
    await wait(100)
  })
  const isIn = await isInEverywhere(scene, user, tally)
  const isNewIn = await isInEverywhere(scene, await scene.arrive(), tally)
  const calls = scene.vendor.refreshes.asked(user.subject)
  return rowOf(
    {
      fault: 'the vendor restarts, with new keys alone',
      promise: 'sign-ins and refreshes work as soon as it is there; no one signed out',
      tally,
    },
    { [`${calls} token call`]: calls === 1 && isIn, 'a new sign-in works': isNewIn },
  )
}
