import { readFileSync } from 'node:fs'
import type { Auth } from '@latchkey/core'
import type { Wristband } from '@latchkey/core-wristband'
import { createDemoAuth, createDemoClients, type DemoAuthOptions } from './auth.ts'
import { type Backstage, openBackstage } from './backstage/backstage.ts'
import type { SystemName } from './backstage/step.ts'
import { watchedAuth } from './backstage/watched-auth.ts'
import { type DemoEnvironment, readEnvironment, type Variables } from './environment.ts'
import { type Framework, originAt } from './framework.ts'
import { openJoinRecord } from './join-record.ts'
import { openRedis } from './redis.ts'

/** One server of the demo, whatever its framework. */
export interface Demo {
  readonly framework: Framework
  readonly environment: DemoEnvironment
  readonly auth: Auth
  /** The client alone, for tokens of the application itself. */
  readonly wristband: Wristband
  /** Names of the tenants to choose from. */
  readonly tenants: readonly string[]
  /** Where sessions are kept. */
  readonly keeping: 'cookie' | 'redis'
  readonly emulated: readonly SystemName[]
  /** The runner, where one started this server. */
  readonly backstage: Backstage | null
  readonly clock: () => number
  /** Whether it can serve: its store takes writes. */
  isHealthy(): Promise<boolean>
}

/** What a server of the demo is made with, besides the environment. */
export interface DemoOptions extends Omit<DemoAuthOptions, 'baseUrl'> {
  readonly framework: Framework
  readonly backstage?: Backstage | null
  readonly emulated?: readonly SystemName[]
  isHealthy?(): Promise<boolean>
}

/** Wires a server of the demo together. */
export function createDemo(environment: DemoEnvironment, options: DemoOptions): Demo {
  const { framework, backstage = null, emulated = [], isHealthy = async () => true, ...auth } = options
  const authOptions: DemoAuthOptions = { ...auth, baseUrl: originAt(environment.ports[framework]) }
  const clients = createDemoClients(environment, authOptions)
  const plain = createDemoAuth(environment, authOptions, clients)
  const { tenant, tenantIds } = environment.wristband
  return {
    framework,
    environment,
    auth: backstage === null ? plain : watchedAuth(plain, backstage, environment),
    wristband: clients.wristband,
    tenants: [...(tenantIds?.keys() ?? [tenant])],
    keeping: options.store === undefined ? 'cookie' : 'redis',
    emulated,
    backstage,
    clock: options.clock ?? systemClock,
    isHealthy,
  }
}

/** A demo that runs, and what it holds open. */
export interface OpenDemo extends Demo {
  close(): Promise<void>
}

/** Wires a server together from environment variables, as the runner gives them. */
export function openDemo(framework: Framework, variables: Variables): OpenDemo {
  const environment = readEnvironment(variables)
  const redis = environment.redisUrl === null ? null : openRedis(environment.redisUrl)
  const joinRecord = redis?.joinRecord ?? openJoinRecord(environment.joinRecordFile)
  const backstage = openBackstage(framework, environment, variables)
  const demo = createDemo(environment, {
    framework,
    joinRecord,
    backstage,
    emulated: (variables.EMULATED_SYSTEMS ?? '').split(',').filter(isSystemName),
    ...(redis !== null && { store: redis.store, isHealthy: () => redis.store.health() }),
    ...(backstage !== null && { onEvent: backstage.onEvent, fetch: backstage.fetch }),
    ...(variables.CLOCK_FILE && { clock: clockOf(variables.CLOCK_FILE) }),
  })
  return { ...demo, close: async () => joinRecord.close() }
}

function isSystemName(name: string): name is SystemName {
  return name === 'wristband' || name === 'wink' || name === 'wise'
}

const systemClock = (): number => Math.floor(Date.now() / 1000)

/** The time, moved by as many seconds as the runner wrote into a file that all servers read. */
function clockOf(file: string): () => number {
  return () => systemClock() + Number(readFileSync(file, 'utf8'))
}
