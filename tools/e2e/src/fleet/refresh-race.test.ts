import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { type CertifiedProvider, startCertifiedProvider } from '@latchkey/tool-test-support/certified-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from './client-process.ts'
import { client } from './refreshing-provider.ts'
import { type Fleet, type FleetProcess, startFleet } from './start-fleet.ts'

const closing: (() => Promise<void>)[] = []
let redis: RedisProcess
afterAll(async () => {
  await Promise.all(closing.map((close) => close()))
  await redis?.stop()
})

interface Run {
  readonly provider: CertifiedProvider
  readonly fleet: Fleet
}

async function start(count: number, options: Parameters<typeof startFleet>[2]): Promise<Run> {
  const provider = await startCertifiedProvider({ client, account: { sub: 'ada' }, answerMilliseconds: 200 })
  closing.push(provider.close)
  const fleet = await startFleet(provider, count, options)
  closing.push(fleet.close)
  return { provider, fleet }
}

/** So many requests to each of the processes, all at once. */
async function askAll({ processes }: Fleet, cookie: string, requests: number): Promise<readonly Answer[]> {
  return (await Promise.all(processes.map(({ ask }) => ask(cookie, requests)))).flat()
}

const good = (answers: readonly Answer[]): number => answers.filter(({ status }) => status === 200).length
const tokens = (answers: readonly Answer[]): number => new Set(answers.map(({ body }) => body)).size

async function endings(processes: readonly FleetProcess[]): Promise<number> {
  const events = (await Promise.all(processes.map(({ events }) => events()))).flat()
  return events.filter(({ type }) => type === 'session.ended').length
}

describeWithRedis('four processes with Redis, at a provider that detects reuse', () => {
  beforeAll(async () => {
    redis = await startRedis()
  })
  const withRedis = (count: number, isCoordinated = true): Promise<Run> =>
    start(count, { redisUrl: redis.url, isCoordinated })

  it('make one token call for 400 requests at expiry, and the session lives on', async () => {
    const { provider, fleet } = await withRedis(4)
    const cookie = await fleet.signIn(-1)
    for (const round of [1, 2, 3]) {
      const answers = await askAll(fleet, cookie, 100)
      expect([good(answers), tokens(answers), provider.calls()]).toEqual([400, 1, round])
      fleet.pass(1800)
    }
    expect(await endings(fleet.processes)).toBe(0)
  })

  it('answer at once while the token is still good, however many ask', async () => {
    const { provider, fleet } = await withRedis(4)
    const cookie = await fleet.signIn(300)
    const answers = await askAll(fleet, cookie, 100)
    expect([good(answers), provider.calls()]).toEqual([400, 1])
    expect(tokens(answers)).toBeLessThanOrEqual(2)
  })

  it('without the coordinator make many, and the session is lost', async () => {
    const { provider, fleet } = await withRedis(4, false)
    const cookie = await fleet.signIn(-1)
    const answers = await askAll(fleet, cookie, 100)
    expect(provider.calls()).toBeGreaterThan(4)
    expect(good(answers)).toBeLessThan(400)
    fleet.pass(1800)
    expect(good(await askAll(fleet, cookie, 1))).toBe(0)
  })

  describe.concurrent('of which the one that holds the lock', () => {
    it('is killed before it sends: another makes the only call, and no one is signed out', async ({ expect }) => {
      const { provider, fleet } = await withRedis(2)
      const [holder, other] = fleet.processes as [FleetProcess, FleetProcess]
      const cookie = await fleet.signIn(-1)
      holder.order({ atLock: 'SIGKILL' })
      await expect(holder.ask(cookie, 1)).rejects.toThrow()
      await holder.halted()
      const answers = await other.ask(cookie, 100)
      expect([good(answers), tokens(answers), provider.calls()]).toEqual([100, 1, 1])
      fleet.processes[1]?.order({ pass: 1800 })
      expect([good(await other.ask(cookie, 10)), provider.calls()]).toEqual([10, 2])
    })

    it('is stopped before it sends: another makes the only call, and it goes on with that', async ({ expect }) => {
      const { provider, fleet } = await withRedis(2)
      const [holder, other] = fleet.processes as [FleetProcess, FleetProcess]
      const cookie = await fleet.signIn(-1)
      holder.order({ atLock: 'SIGSTOP' })
      const held = holder.ask(cookie, 1)
      await holder.halted()
      const answers = await other.ask(cookie, 100)
      holder.signal('SIGCONT')
      expect([good(answers), good(await held), provider.calls()]).toEqual([100, 1, 1])
      fleet.pass(1800)
      expect([good(await askAll(fleet, cookie, 10)), provider.calls()]).toEqual([20, 2])
    })

    it('is killed after it sent: the session is lost, and that is reported', async ({ expect }) => {
      const { provider, fleet } = await withRedis(2)
      const [holder, other] = fleet.processes as [FleetProcess, FleetProcess]
      const cookie = await fleet.signIn(-1)
      provider.onDecided(() => holder.signal('SIGKILL'))
      await expect(holder.ask(cookie, 1)).rejects.toThrow()
      const answers = await other.ask(cookie, 100)
      expect([answers.filter(({ status }) => status === 401).length, provider.calls()]).toEqual([100, 2])
      expect(await endings([other])).toBe(1)
    })
  })
})

describe('four processes with sealed cookies and no store, at a provider that detects reuse', () => {
  it('make four token calls for 400 requests at expiry, one each, and the session is lost', async () => {
    const { provider, fleet } = await start(4, {})
    const cookie = await fleet.signIn(-1)
    const answers = await askAll(fleet, cookie, 100)
    expect([provider.calls(), good(answers)]).toEqual([4, 100])
    const refreshed = answers.find(({ status }) => status === 200)?.setCookies[0]?.split(';', 1)[0] ?? ''
    fleet.pass(1800)
    expect(good(await askAll(fleet, refreshed, 1))).toBe(0)
  })

  it('make one when a proxy sends each user to the same process', async () => {
    const { provider, fleet } = await start(4, {})
    const cookie = await fleet.signIn(-1)
    const answers = (await fleet.processes[0]?.ask(cookie, 400)) ?? []
    expect([provider.calls(), good(answers), tokens(answers)]).toEqual([1, 400, 1])
  })
})
