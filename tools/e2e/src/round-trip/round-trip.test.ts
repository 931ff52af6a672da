import type { Mount } from '@latchkey/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bareMount } from '../mounts/bare-mount.ts'
import { fastifyMount, nestExpressMount, nestFastifyMount } from '../mounts/mounts.ts'
import { createNextMount } from '../mounts/next-mount.ts'
import { type CatchAllApp, startCatchAllApp } from './catch-all-app.ts'
import { ambiguousUrls, pageUrls, seed } from './page-urls.ts'
import { type RoundTrip, signInFrom, signOutTo } from './round-trip.ts'

const mounts: readonly Mount[] = [
  bareMount,
  fastifyMount,
  nestExpressMount,
  nestFastifyMount,
  createNextMount('Next', { app: 'next-catch-all', folder: '.next', options: {} }),
]

const atOnce = 16

type Counts = Record<RoundTrip['kind'], number>

async function runAll(
  app: CatchAllApp,
  urls: readonly string[],
  run: (app: CatchAllApp, url: string) => Promise<RoundTrip>,
): Promise<{ readonly counts: Counts; readonly lost: readonly string[] }> {
  const counts: Counts = { 'not-routed': 0, 'at-the-page': 0, 'at-the-root': 0, lost: 0 }
  const lost: string[] = []
  const waiting = urls.map((url) => app.prefix + url)
  const work = async (): Promise<void> => {
    for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
      const result = await run(app, url)
      counts[result.kind]++
      if (result.kind === 'lost') lost.push(`${result.why} from ${result.url.slice(0, 200)}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return { counts, lost }
}

describe.each(mounts)('every URL that $name routes to a guarded page', (mount) => {
  let app: CatchAllApp
  beforeAll(async () => {
    app = await startCatchAllApp(mount, { hasSignInPage: true })
  })
  afterAll(() => app?.close())

  const print = (what: string, count: number, counts: Counts): void =>
    console.info(`${mount.name}: ${what}, ${count} URLs of seed ${seed}: ${JSON.stringify(counts)}`)

  it('is a place to sign in from, and to come back to', async () => {
    const urls = pageUrls(2300)
    const { counts, lost } = await runAll(app, urls, signInFrom)
    print('sign-in', urls.length, counts)
    const routed = urls.length - counts['not-routed']
    expect(lost).toEqual([])
    expect(routed).toBeGreaterThanOrEqual(2000)
    expect(counts['at-the-page'] / routed).toBeGreaterThanOrEqual(0.99)
  })

  it('signs in all the same where it could be read as something else: at the page or at the start page', async () => {
    const urls = ambiguousUrls(400)
    const { counts, lost } = await runAll(app, urls, signInFrom)
    print('sign-in from what is ambiguous', urls.length, counts)
    expect(lost).toEqual([])
  })

  it('ends a sign-out: at the page or at the start page', async () => {
    const urls = [...pageUrls(300), ...ambiguousUrls(100)]
    const { counts, lost } = await runAll(app, urls, signOutTo)
    print('sign-out', urls.length, counts)
    expect(lost).toEqual([])
  })
})
