import type { AppSettings } from './app-settings.ts'
import { type Fleet, startFleet } from './fleet.ts'
import type { RunningStore } from './stores/running-store.ts'
import { until } from './until.ts'
import { ask, createTally, signIn, startLoad, type Tally, type User } from './users.ts'
import { client, startVendor, type Vendor } from './vendor.ts'

/** An app of several processes with its store, its vendor and its users. */
export interface Scene<Kept extends RunningStore = RunningStore> {
  readonly store: Kept
  readonly vendor: Vendor
  readonly fleet: Fleet
  /** Users whose tokens are good for long, among them one who has been signed out everywhere. */
  readonly users: readonly User[]
  /** Lets time pass for the vendor and all processes, and for no store. */
  pass(seconds: number): Promise<void>
  /** Does something while all users ask without a pause, and counts their answers. */
  underLoad(during: (tally: Tally) => Promise<void>): Promise<Tally>
  /** Signs somebody in whose tokens live for 40 seconds, and lets them expire: the next request refreshes. */
  expired(count?: number): Promise<readonly User[]>
}

/** The secrets of the app: the second is to replace the first. */
export const secrets = {
  old: 'an-example-secret-of-32-bytes-or-more-old',
  young: 'an-example-secret-of-32-bytes-or-more-young',
} as const

/** How the processes of a scene differ from each other. */
export interface SceneOptions {
  readonly users?: number
  /** One entry for each process: what it has of its own. Default: four alike. */
  readonly nodes?: readonly Partial<Pick<AppSettings, 'secrets' | 'aheadSeconds' | 'strategy'>>[]
}

/** Starts everything, plays the scene, and ends it. */
export async function inScene<Kept extends RunningStore, Result>(
  startStore: () => Promise<Kept>,
  { users: count = 8, nodes = [{}, {}, {}, {}] }: SceneOptions,
  play: (scene: Scene<Kept>) => Promise<Result>,
): Promise<Result> {
  let passed = 0
  let names = 0
  const opened: { close(): Promise<void> }[] = []
  const keep = <One extends { close(): Promise<void> }>(one: One): One => {
    opened.push(one)
    return one
  }
  try {
    const store = keep(await startStore())
    const vendor = keep(await startVendor(() => Math.floor(Date.now() / 1000) + passed))
    const common: AppSettings = {
      store: store.settings,
      strategy: 'store',
      secrets: [secrets.old],
      vendor: { issuer: vendor.issuer, clientId: client.id, clientSecret: client.secret },
      aheadSeconds: 0,
    }
    const fleet = keep(await startFleet(nodes.map((own) => ({ ...common, ...own }))))
    const signInAll = (prefix: string, total: number): Promise<User[]> =>
      Promise.all(Array.from({ length: total }, () => signIn(fleet, `${prefix}-${names++}`)))
    const users = await signInAll('long', count)
    const pass: Scene['pass'] = async (seconds) => {
      passed += seconds
      await fleet.pass(seconds)
    }
    const [gone] = users as [User]
    await fleet.next().order({ kind: 'revoke', subject: gone.subject })
    gone.isOut = true
    return await play({
      store,
      vendor,
      fleet,
      users,
      pass,
      async underLoad(during) {
        const tally = createTally()
        const stop = startLoad(fleet, users, tally)
        try {
          await until('the load has begun', async () => tally.right > users.length)
          await during(tally)
        } finally {
          await stop()
        }
        return tally
      },
      async expired(total = 1) {
        const quick = await signInAll('quick', total)
        await pass(41)
        return quick
      },
    })
  } finally {
    for (const one of opened.toReversed()) await one.close()
  }
}

/** Whether each process lets a user in, with a good token, within so many seconds. */
export async function isInEverywhere({ fleet }: Scene, user: User, tally: Tally, seconds = 30): Promise<boolean> {
  const everywhere = async (): Promise<boolean> => {
    const answers = await Promise.all(fleet.nodes.map((node) => ask(node, user, tally)))
    return tally.lost.has(user) || answers.every(Boolean)
  }
  await until('a user is let in everywhere', everywhere, seconds).catch(() => {})
  return !tally.lost.has(user) && (await everywhere())
}
