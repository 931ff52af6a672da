import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startRedis } from '@latchkey/tool-test-support'
import { type FaultProxy, startFaultProxy } from '../../../../../packages/store-redis/test/fault-proxy.ts'
import type { RunningStore } from './running-store.ts'

/** A Redis that appends to a file, behind a proxy that can spoil its connections. */
export interface SingleRedis extends RunningStore {
  readonly proxy: FaultProxy
  /** Falls silent with all connections open; what it is sent meanwhile it does later. */
  pause(): void
  resume(): void
  /** Starts again without anything that it had. */
  forget(): Promise<void>
}

const downMilliseconds = 3000

/** Starts it. */
export async function startSingleRedis(): Promise<SingleRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-chaos-'))
  const persistent = { args: ['--appendonly', 'yes', '--dir', folder] }
  let redis = await startRedis(persistent)
  const { port } = redis
  const proxy = await startFaultProxy(port)
  return {
    settings: { kind: 'single', ports: [proxy.port] },
    proxy,
    async crash() {
      await redis.kill()
      await wait(downMilliseconds)
      redis = await startRedis({ ...persistent, port })
    },
    async forget() {
      await redis.kill()
      redis = await startRedis({ port })
    },
    pause: () => redis.pause(),
    resume: () => redis.resume(),
    async close() {
      await proxy.close()
      await redis.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
