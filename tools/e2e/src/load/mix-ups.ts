import { createTestSession } from '@latchkey/testkit'
import type { FastifyInstance } from 'fastify'
import { createExampleApp, type ExampleSettings, tokensOf } from './example-app.ts'

/** How many users send how many requests, all together. */
export interface MixUpSettings extends Pick<ExampleSettings, 'strategy' | 'change'> {
  readonly users: number
  readonly requests: number
}

/** What came of it. */
export interface MixUpReport {
  /** Answers with the identity and the token of the one who asked. */
  readonly right: number
  /** Answers with anything of somebody else. */
  readonly mixUps: number
  /** Answers without an identity. */
  readonly refused: number
  /** How often tokens were refreshed on the way, at least. */
  readonly refreshes: number
}

const tokenSeconds = 20
const wholeSeconds = 200
const atOnce = 4

/**
 * Lets many users use one app at once, each with some requests in flight, over random delays, while their tokens are
 * refreshed again and again; and counts what each answer says about who asked.
 */
export async function countMixUps({ users, requests, ...settings }: MixUpSettings): Promise<MixUpReport> {
  // What a process remembers of refresh tokens outlives the app: each run has its own.
  const run = crypto.randomUUID()
  let sent = 0
  const clock = (): number => 1_800_000_000 + Math.floor((sent / requests) * wholeSeconds)
  const { auth, app } = await createExampleApp({ ...settings, clock, tokenSeconds, delay: randomDelay })
  const report = { right: 0, mixUps: 0, refused: 0, refreshes: 0 }

  const live = async (subject: string): Promise<void> => {
    const tokens = { acme: tokensOf(subject, 0, clock() + tokenSeconds) }
    const browser = { cookie: (await createTestSession(auth, { acme: { subject } }, { tokens })).cookie }
    let highest = 0
    for (let rest = Math.ceil(requests / users); rest > 0; rest -= atOnce) {
      const answers = Array.from({ length: Math.min(atOnce, rest) }, async () => {
        sent++
        await randomDelay()
        return ask(app, browser)
      })
      for (const { statusCode, body } of await Promise.all(answers)) {
        const { subject: who, token = '' } = JSON.parse(body) as { subject?: string; token?: string }
        const [whose, number] = token.split('.')
        if (statusCode !== 200) report.refused++
        else if (who === subject && whose === subject) report.right++
        else report.mixUps++
        highest = Math.max(highest, Number(number ?? 0))
      }
    }
    report.refreshes += highest
  }
  await Promise.all(Array.from({ length: users }, (_, index) => live(`user-${index}-of-${run}`)))
  await app.close()
  return report
}

async function ask(app: FastifyInstance, browser: { cookie: string }): Promise<{ statusCode: number; body: string }> {
  const response = await app.inject({ url: '/me', headers: { cookie: browser.cookie, host: 'localhost:3001' } })
  const lines = [response.headers['set-cookie'] ?? []].flat()
  if (lines.length > 0) browser.cookie = lines.map((line) => line.split(';', 1)[0]).join('; ')
  return response
}

/** Now, soon or in some milliseconds. */
function randomDelay(): Promise<void> {
  const [chance = 0] = crypto.getRandomValues(new Uint8Array(1))
  if (chance < 64) return Promise.resolve()
  return new Promise((resolve) => (chance < 224 ? setImmediate(resolve) : setTimeout(resolve, chance % 8)))
}
