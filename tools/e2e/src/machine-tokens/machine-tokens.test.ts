import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Emulator, startEmulator } from '@latchkey/emulator'
import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { forkSource } from '../../test/fork-source.ts'
import type { MachineAnswer, MachineOrder, MachineSettings } from './machine-process.ts'

const lifetimeSeconds = 1800
const expiries = 3

describeWithRedis('machine tokens of four processes', () => {
  let redis: RedisProcess
  let emulator: Emulator<'wink' | 'wise'>
  const children: ChildProcess[] = []
  beforeAll(async () => {
    redis = await startRedis()
    emulator = await startEmulator({ wink: false, wise: false })
  })
  beforeEach(() => emulator.wristband.journal.clear())
  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
  afterAll(async () => {
    await emulator?.close()
    await redis?.stop()
  })

  async function start(redisUrl: string | null): Promise<void> {
    const { clientId, clientSecret, applicationDomain } = emulator.wristband
    const settings: MachineSettings = { clientId, clientSecret, applicationDomain, redisUrl }
    for (let count = 0; count < 4; count++) {
      children.push(forkSource(join(import.meta.dirname, 'machine-process.ts'), { SETTINGS: JSON.stringify(settings) }))
    }
    await Promise.all(children.map((child) => once(child, 'message')))
  }
  const tell = (child: ChildProcess, order: MachineOrder): void => void child.send(order)

  /** So many are asked for in each process, all at once. */
  async function askAll(count: number): Promise<readonly string[]> {
    const answers = children.map((child) => once(child, 'message') as Promise<[MachineAnswer]>)
    for (const child of children) tell(child, { ask: count })
    return (await Promise.all(answers)).flatMap(([tokens]) => tokens)
  }
  const calls = (): number => emulator.wristband.journal.count('token', { grant_type: 'client_credentials' })

  it('take one token call per expiry, whoever asks when', async () => {
    await start(redis.url)
    for (let expiry = 1; expiry <= expiries; expiry++) {
      const tokens = [...(await askAll(100)), ...(await askAll(25))]
      expect([tokens.length, new Set(tokens).size, calls()]).toEqual([500, 1, expiry])
      for (const child of children) tell(child, { pass: lifetimeSeconds })
    }
  })

  it('take four, one each, where the processes share no store', async () => {
    await start(null)
    const tokens = await askAll(100)
    expect([new Set(tokens).size, calls()]).toEqual([4, 4])
  })
})
