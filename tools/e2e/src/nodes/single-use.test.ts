import type { Auth } from '@latchkey/core'
import { type Emulator, startEmulator } from '@latchkey/emulator'
import type { TestAnswer } from '@latchkey/testkit'
import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Nodes, startNodes } from './start-nodes.ts'
import { openBrowser, type TravellingBrowser } from './travelling-browser.ts'
import { capture, type WinkTokens, winkPageUrls } from './wink-page.ts'

/** The status, or the code of the refusal. */
async function endingOf(answer: Promise<TestAnswer>): Promise<number | string> {
  const response = await answer
  return response.status < 400 ? response.status : (response.json() as { code: string }).code
}

const endingsOf = async (...answers: readonly Promise<TestAnswer>[]): Promise<readonly string[]> =>
  (await Promise.all(answers.map(endingOf))).map(String).toSorted()

/** Longer than a callback that comes again is answered alike. */
const repeatSeconds = 31

describeWithRedis('two nodes with one Redis', () => {
  let redis: RedisProcess
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis?.stop())

  describe.each(['cookie', 'store'] as const)('and sessions in a %s', (kind) => {
    let emulator: Emulator<'wristband' | 'wise'>
    let nodes: Nodes
    let here: Auth
    let there: Auth
    let browser: TravellingBrowser
    beforeAll(async () => {
      emulator = await startEmulator({ wristband: false, wise: false })
      nodes = await startNodes(redis.url, { count: 2, kind, wink: emulator.wink })
      const [first, second] = nodes.auths as [Auth, Auth]
      here = first
      there = second
    })
    afterAll(async () => {
      nodes?.close()
      await emulator?.close()
    })
    beforeEach(() => {
      browser = openBrowser()
      emulator.wink.journal.clear()
    })

    it('redeem a login once: a copy of the browser is refused by the other node', async () => {
      const callback = `${await browser.begin(here)}&subject=ada`
      const copy = browser.copy()
      expect(await endingOf(browser.open(here, callback))).toBe(303)
      await nodes.pass(repeatSeconds)
      for (const node of [there, here])
        expect(await endingOf(copy.copy().open(node, callback))).toBe('auth/login_replayed')
      expect(await browser.subjectAt(there)).toBe('ada')
    })

    it('redeem a login once when it comes to both at once with two answers', async () => {
      for (let round = 0; round < 20; round++) {
        const user = openBrowser()
        const callback = await user.begin(here)
        const copy = user.copy()
        const answers = [
          user.open(here, `${callback}&subject=ada`),
          copy.open(there, `${callback}&subject=eve`),
        ] as const
        expect(await endingsOf(...answers)).toEqual(['303', 'auth/login_replayed'])
        const subjects = await Promise.all([user.subjectAt(there), copy.subjectAt(here)])
        expect(subjects.filter((subject) => subject !== null)).toHaveLength(1)
      }
    })

    it('give one answer to a callback that comes to both at once, or again within 30 seconds', async () => {
      const callback = `${await browser.begin(here)}&subject=ada`
      const copies = [browser.copy(), browser.copy(), browser.copy()] as const
      const [one, other] = await Promise.all([copies[0].open(here, callback), copies[1].open(there, callback)])
      await nodes.pass(repeatSeconds - 2)
      const later = await copies[2].open(there, callback)
      expect(one.status).toBe(303)
      expect(other.headers.getSetCookie()).toEqual(one.headers.getSetCookie())
      expect(later.headers.getSetCookie()).toEqual(one.headers.getSetCookie())
    })

    /** Ada begins a sign-in on Wink's page, and has shown herself to Wink. */
    async function tokensOf(user: TravellingBrowser): Promise<WinkTokens> {
      const response = await user.post(here, '/auth/wink/session', winkPageUrls)
      return capture(emulator.wink, response.json() as { sessionId: string; nonce: string })
    }
    const send = (user: TravellingBrowser, node: Auth, { accessToken, idToken }: WinkTokens): Promise<TestAnswer> =>
      user.post(node, '/auth/wink/token', { accessToken, idToken })

    it('take a token of Wink once, one after the other', async () => {
      const tokens = await tokensOf(browser)
      const copy = browser.copy()
      expect(await endingOf(send(browser, here, tokens))).toBe(204)
      for (const user of [copy, browser, openBrowser()]) {
        for (const node of [there, here]) expect(await endingOf(send(user, node, tokens))).toBe('wink/token_replayed')
      }
      expect(emulator.wink.journal.count('verify-client')).toBe(1)
      expect(await browser.subjectAt(there, 'wink')).toBe(emulator.wink.users.ada.winkToken)
    })

    it('take a token of Wink once when it comes to both at once', async () => {
      const tokens = await tokensOf(browser)
      const copy = browser.copy()
      expect(await endingsOf(send(browser, here, tokens), send(copy, there, tokens))).toEqual([
        '204',
        'wink/token_replayed',
      ])
      expect(emulator.wink.journal.count('verify-client')).toBe(1)
    })

    it('take one pair of tokens for a pending login of Wink, one after the other or at once', async () => {
      const tokens = await tokensOf(browser)
      const second = await tokens.refresh()
      const third = await second.refresh()
      const copies = [browser.copy(), browser.copy()] as const
      expect(await endingsOf(send(copies[0], here, tokens), send(copies[1], there, second))).toEqual([
        '204',
        'auth/login_replayed',
      ])
      expect(await endingOf(send(browser.copy(), there, third))).toBe('auth/login_replayed')
      expect(emulator.wink.journal.count('verify-client')).toBe(1)
    })
  })
})
