import type { Mount } from '@latchkey/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CatchAllApp, startCatchAllApp } from './catch-all-app.ts'
import { ambiguousUrls, type PageUrl, pageUrls, seed } from './page-urls.ts'
import { type RoundTrip, type Spelling, signInFrom, signInFromScript, signOutTo } from './round-trip.ts'

/** What of a mount decides how its pages are spelled when a browser comes back to them. */
export interface RoundTripOptions {
  /** Whether the framework writes queries anew before the app sees them. */
  readonly rewritesQueries: boolean
  /** Where a sign-in leads that has no page to come back to. Default `/`. */
  readonly home?: string
}

/** What a table shows of many URLs. */
interface Tally extends Readonly<Record<Spelling, number>> {
  readonly generated: number
  readonly routed: number
  readonly signedIn: number
  readonly atThePage: number
  readonly atTheRoot: number
}

interface Outcomes {
  readonly tally: Tally
  readonly notRouted: readonly Extract<RoundTrip, { kind: 'not-routed' }>[]
  readonly lost: readonly string[]
}

const atOnce = 16

/** Declares what is shown of every URL that a mount routes, and prints the counts. */
export function describeRoundTrips(mount: Mount, { rewritesQueries, home = '/' }: RoundTripOptions): void {
  describe(`every URL that ${mount.name} routes to a guarded page`, () => {
    const tables: Record<string, Tally> = {}
    let withSignInPage: CatchAllApp
    let withoutPages: CatchAllApp

    beforeAll(async () => {
      withSignInPage = await startCatchAllApp(mount, { hasSignInPage: true, home })
      withoutPages = await startCatchAllApp(mount, { hasSignInPage: false, home })
    })

    afterAll(async () => {
      await withSignInPage?.close()
      await withoutPages?.close()
      console.info(`${mount.name}, URLs of seed ${seed}`)
      console.table(tables)
    })

    const expectNoneLost = ({ tally, lost }: Outcomes): void => {
      expect(lost).toEqual([])
      expect(tally.signedIn).toBe(tally.routed)
      expect(tally.atThePage + tally.atTheRoot).toBe(tally.signedIn)
      if (!rewritesQueries) expect(tally['of-the-framework']).toBe(0)
    }

    /** Almost all are routed and come back; what is not routed no server could decode. */
    const expectPages = (outcomes: Outcomes): void => {
      const { tally, notRouted } = outcomes
      expectNoneLost(outcomes)
      expect(tally.atThePage / tally.routed).toBeGreaterThanOrEqual(0.99)
      expect(notRouted.filter(({ url }) => isDecodable(url))).toEqual([])
      expect(tally.routed / tally.generated).toBeGreaterThanOrEqual(0.95)
    }

    it('is a place to sign in from, and to come back to', async () => {
      const outcomes = await runAll(withSignInPage, pageUrls(2300), signInFrom)
      tables['sign-in by a page of the app'] = outcomes.tally
      expectPages(outcomes)
      expect(outcomes.tally.routed).toBeGreaterThanOrEqual(2000)
    })

    it('is the same where the guard answers with a problem document', async () => {
      const outcomes = await runAll(withoutPages, pageUrls(2600).slice(2300), signInFrom)
      tables['sign-in by a problem document'] = outcomes.tally
      expectPages(outcomes)
    })

    it('tells a script, too, where to sign in', async () => {
      for (const app of [withSignInPage, withoutPages]) {
        const outcomes = await runAll(app, [...pageUrls(100), ...ambiguousUrls(50)], signInFromScript)
        tables[`sign-in after a fetch${app === withoutPages ? ', without pages' : ''}`] = outcomes.tally
        expectNoneLost(outcomes)
        expect(outcomes.tally.signedIn).toBeGreaterThan(100)
      }
    })

    it('signs in all the same if it could be read as something else: at the page or at the root', async () => {
      const outcomes = await runAll(withSignInPage, ambiguousUrls(400), signInFrom)
      tables['sign-in from ambiguous URLs'] = outcomes.tally
      expectNoneLost(outcomes)
      expect(outcomes.tally.signedIn).toBeGreaterThan(350)
    })

    it('ends a sign-out: at the page or at the root', async () => {
      const outcomes = await runAll(withSignInPage, [...pageUrls(250), ...ambiguousUrls(100)], signOutTo)
      tables['sign-out'] = outcomes.tally
      expectNoneLost(outcomes)
      expect(outcomes.tally.atThePage).toBeGreaterThanOrEqual(247)
    })
  })
}

async function runAll(
  app: CatchAllApp,
  urls: readonly PageUrl[],
  run: (app: CatchAllApp, url: string) => Promise<RoundTrip>,
): Promise<Outcomes> {
  const results: RoundTrip[] = []
  const waiting = urls.map((url) => app.prefix + url)
  const work = async (): Promise<void> => {
    for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) results.push(await run(app, url))
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return outcomesOf(results)
}

function outcomesOf(results: readonly RoundTrip[]): Outcomes {
  const notRouted = results.filter((result) => result.kind === 'not-routed')
  const lost = results.filter((result) => result.kind === 'lost')
  const pages = results.filter((result) => result.kind === 'at-the-page')
  const spelled = (spelling: Spelling): number => pages.filter((page) => page.spelling === spelling).length
  const routed = results.length - notRouted.length
  const tally = {
    generated: results.length,
    routed,
    signedIn: routed - lost.length,
    atThePage: pages.length,
    'as-sent': spelled('as-sent'),
    'of-browsers': spelled('of-browsers'),
    'of-the-framework': spelled('of-the-framework'),
    atTheRoot: results.filter((result) => result.kind === 'at-the-root').length,
  }
  return { tally, notRouted, lost: lost.map(({ url, why }) => `${why} from ${url.slice(0, 200)}`) }
}

/** Whether a path is ASCII, and its escapes are UTF-8. */
function isDecodable(url: string): boolean {
  try {
    return decodeURIComponent(url.split('?', 1)[0] ?? '') !== '' && !/[\u0080-\u00ff]/.test(url)
  } catch {
    return false
  }
}
