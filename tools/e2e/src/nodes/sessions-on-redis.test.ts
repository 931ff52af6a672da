import type { Auth } from '@latchkey/core'
import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createGate } from './gate.ts'
import { type NodeSettings, type Nodes, startNodes } from './start-nodes.ts'
import { openBrowser, type TravellingBrowser } from './travelling-browser.ts'

const ada = { provider: 'acme', issuer: 'https://acme.example', subject: 'ada' }

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'not refused',
    (error: { code?: string }) => error.code ?? String(error),
  )
}

describeWithRedis('sessions of four nodes in one Redis', () => {
  let redis: RedisProcess
  let nodes: Nodes
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterEach(() => nodes?.close())
  afterAll(() => redis?.stop())

  async function start(change?: NodeSettings['change']): Promise<readonly [Auth, Auth, Auth, Auth]> {
    nodes = await startNodes(redis.url, { count: 4, kind: 'store', ...(change && { change }) })
    await nodes.client.flushAll()
    return nodes.auths as [Auth, Auth, Auth, Auth]
  }
  const everywhere = (browser: TravellingBrowser): Promise<readonly (string | null)[]> =>
    Promise.all(nodes.auths.map((node) => browser.subjectAt(node)))
  const records = (): Promise<readonly string[]> => nodes.client.keys('latchkey:session:*')
  const nobody = [null, null, null, null]

  it('are alive at each of them, and over at each of them with the answer to a sign-out', async () => {
    const [first, , , last] = await start()
    const browser = openBrowser()
    await browser.signIn(first)
    const copy = browser.copy()
    expect(await everywhere(copy)).toEqual(['ada', 'ada', 'ada', 'ada'])
    expect((await browser.post(last, '/auth/logout')).status).toBe(200)
    expect([await everywhere(copy), await records()]).toEqual([nobody, []])
  })

  it.each(['a sign-out', 'the end of all sessions of the user'])(
    'are not brought back by a request that was under way before %s',
    async (ending) => {
      const gate = createGate()
      let isHeld = false
      const [first, second, third] = await start((store, node) => ({
        ...store,
        async replace(...entry) {
          if (node === 1 && isHeld) await gate.pass()
          return store.replace(...entry)
        },
      }))
      const browser = openBrowser()
      await browser.signIn(first)
      const copy = browser.copy()
      isHeld = true
      const slow = second.updateSession(copy.request(), {})
      await gate.reached
      if (ending === 'a sign-out') await browser.post(third, '/auth/logout')
      else await third.revokeSessions(ada)
      expect(await everywhere(copy)).toEqual(nobody)
      gate.open()
      const refusal = await refusalOf(slow)
      if (ending === 'a sign-out') expect([refusal, await records()]).toEqual(['auth/session_required', []])
      expect(await everywhere(copy)).toEqual(nobody)
    },
  )

  it.each(['a sign-out', 'the end of all sessions of the user'])(
    'end with %s while 32 ask and write without a pause at all nodes: no later request is let in',
    async (ending) => {
      const [first, second] = await start()
      const browser = openBrowser()
      await browser.signIn(first)
      const copy = browser.copy()
      const busy = createGate()
      const letIn = { before: 0, after: 0 }
      let isOver = false
      const askOn = async (index: number): Promise<void> => {
        const node = nodes.auths[index % 4] as Auth
        for (let late = 0; late < 5; ) {
          const isLate = isOver
          const use = index % 3 === 0 ? node.updateSession(copy.request(), {}) : node.requireSession(copy.request())
          const isLetIn = (await refusalOf(use)) === 'not refused'
          if (isLate) late++
          if (isLetIn) letIn[isLate ? 'after' : 'before']++
          if (letIn.before === 100) busy.open()
        }
      }
      const asking = Array.from({ length: 32 }, (_, index) => askOn(index))
      await busy.opened
      if (ending === 'a sign-out') await browser.post(second, '/auth/logout')
      else await second.revokeSessions(ada)
      isOver = true
      await Promise.all(asking)
      expect(letIn.after).toBe(0)
      expect(await everywhere(copy)).toEqual(nobody)
      if (ending === 'a sign-out') expect(await records()).toEqual([])
    },
  )

  it('of one user end wherever they are signed in, and of no one else', async () => {
    const [first, second, third, last] = await start()
    const [laptop, phone, eve] = [openBrowser(), openBrowser(), openBrowser()]
    await Promise.all([laptop.signIn(first), phone.signIn(second), eve.signIn(third, 'eve')])
    await last.revokeSessions(ada)
    expect([await everywhere(laptop), await everywhere(phone)]).toEqual([nobody, nobody])
    expect(await everywhere(eve)).toEqual(['eve', 'eve', 'eve', 'eve'])
    await nodes.pass(1)
    await phone.signIn(second)
    expect([await everywhere(laptop), await everywhere(phone)]).toEqual([nobody, ['ada', 'ada', 'ada', 'ada']])
  })

  it('are replaced at a sign-in: Redis is told to take the old record before it adds the new', async () => {
    const [first, second] = await start()
    const browser = openBrowser()
    await browser.signIn(first)
    const copy = browser.copy()
    const [old = ''] = await records()
    const commands: string[] = []
    const monitor = nodes.client.duplicate()
    await monitor.connect()
    await monitor.monitor((line) => void commands.push(line.toString()))
    await browser.signIn(second, 'eve')
    const [young = '', ...more] = await records()
    monitor.destroy()
    const changes = commands.flatMap(
      (line) => /"(del|set)" "(latchkey:session:[^"]+)"/i.exec(line)?.slice(1, 3).join(' ') ?? [],
    )
    expect(changes.map((change) => change.toLowerCase())).toEqual(
      [`del ${old}`, `set ${young}`].map((change) => change.toLowerCase()),
    )
    expect([more, await everywhere(copy)]).toEqual([[], nobody])
    expect(await everywhere(browser)).toEqual(['eve', 'eve', 'eve', 'eve'])
  })

  it('are replaced once when the user signs in again at two nodes at once', async () => {
    const [first, second] = await start()
    const browser = openBrowser()
    await browser.signIn(first)
    const copy = browser.copy()
    const [one, other] = [await browser.begin(first), await copy.begin(second)]
    const answers = await Promise.all([
      browser.open(first, `${one}&subject=ada`),
      copy.open(second, `${other}&subject=ada`),
    ])
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([303, 409])
    expect(await records()).toHaveLength(1)
  })
})
