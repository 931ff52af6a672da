import type { AppSettings } from './app-settings.ts'
import { type Fleet, startFleet } from './fleet.ts'
import type { RunningStore } from './stores/running-store.ts'
import { until } from './until.ts'
import { ask, createTally, serversOf, signIn, startLoad, type Tally, type User } from './users.ts'
import { client, startVendor, type Vendor } from './vendor.ts'

/** An app of several processes with its store, its vendor and its users. */
export interface Scene<Kept extends RunningStore = RunningStore> {
  readonly store: Kept
  readonly vendor: Vendor
  readonly fleet: Fleet
  /** Users who ask under load; the first has been signed out everywhere, and must be let in nowhere. */
  readonly users: readonly User[]
  /** The time by which the vendor, and all processes whose clocks are right, go. */
  clock(): number
  /** Lets time pass for the vendor and all processes, and for no store. */
  pass(seconds: number): Promise<void>
  /** Signs somebody new in, at a process whose clock is right. */
  arrive(): Promise<User>
  /** Somebody whose access token has expired: the next request refreshes. */
  expired(): Promise<User>
  /** Does something while all users ask, and counts their answers. */
  underLoad(during: (tally: Tally) => Promise<void>, pauseMilliseconds?: number): Promise<Tally>
}

/** The secrets of the app: the second is to replace the first. */
export const secrets = {
  old: 'an-example-secret-of-32-bytes-or-more-old',
  young: 'an-example-secret-of-32-bytes-or-more-young',
} as const

/** What is not as usual in a scene. */
export interface SceneOptions {
  /** How many users ask under load. Default 8. */
  readonly count?: number
  /** Whether their tokens live for 40 seconds: they are refreshed from the tenth on. By default they live for a day. */
  readonly isQuick?: boolean
  /** One entry for each process: what it has of its own. Default: four alike. */
  readonly nodes?: readonly Partial<Pick<AppSettings, 'secrets' | 'aheadSeconds' | 'strategy'>>[]
}

/** Starts everything, plays the scene, and ends it. */
export async function inScene<Kept extends RunningStore>(
  startStore: () => Promise<Kept>,
  { count = 8, isQuick = false, nodes = [{}, {}, {}, {}] }: SceneOptions,
  play: (scene: Scene<Kept>) => Promise<void>,
): Promise<void> {
  let passed = 0
  let names = 0
  const clock = (): number => Math.floor(Date.now() / 1000) + passed
  const opened: { close(): Promise<void> }[] = []
  const keep = <One extends { close(): Promise<void> }>(one: One): One => {
    opened.push(one)
    return one
  }
  try {
    const store = keep(await startStore())
    const vendor = keep(await startVendor(clock))
    const common: AppSettings = {
      store: store.settings,
      strategy: 'store',
      secrets: [secrets.old],
      vendor: { issuer: vendor.issuer, clientId: client.id, clientSecret: client.secret },
      aheadSeconds: 0,
    }
    const fleet = keep(await startFleet(nodes.map((own) => ({ ...common, ...own }))))
    const right = serversOf(() => fleet.nodes.filter(({ settings }) => settings.aheadSeconds === 0))
    const arrive = (prefix = 'quick'): Promise<User> => signIn(right, `${prefix}-${names++}`)
    const users = await Promise.all(Array.from({ length: count }, () => arrive(isQuick ? 'quick' : 'long')))
    const [gone] = users as [User]
    await fleet.next().order({ kind: 'revoke', subject: gone.subject })
    gone.isOut = true
    const pass = async (seconds: number): Promise<void> => {
      // The vendor last: a token of its future would be refused.
      await fleet.pass(seconds)
      passed += seconds
    }
    await play({
      store,
      vendor,
      fleet,
      users,
      clock,
      pass,
      arrive,
      async expired() {
        const user = await arrive()
        await pass(41)
        return user
      },
      async underLoad(during, pauseMilliseconds = 40) {
        const tally = createTally()
        const load = startLoad(fleet, users, { tally, pauseMilliseconds })
        try {
          await until('the load has begun', async () => tally.right > users.length)
          await during(tally)
        } finally {
          await load.stop()
        }
        return tally
      },
    })
  } finally {
    for (const one of opened.toReversed()) await one.close()
  }
}

/** Whether each process lets a user in, with a good access token, within 30 seconds. */
export async function isInEverywhere({ fleet }: Scene, user: User, tally: Tally): Promise<boolean> {
  const everywhere = async (): Promise<boolean> => {
    const answers = await Promise.all(fleet.nodes.map((node) => ask(node, user, tally)))
    return tally.lost.has(user) || answers.every(Boolean)
  }
  await until('a user is let in everywhere', everywhere).catch(() => {})
  return !tally.lost.has(user) && (await everywhere())
}
