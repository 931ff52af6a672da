import { readFileSync } from 'node:fs'
import type { Auth } from '@latchkey/core'
import type { WristbandClient } from '@latchkey/core-wristband'
import { createDemoAuth, createMachineClient, type DemoAuthOptions } from './auth.ts'
import { type Backstage, openBackstage } from './backstage/backstage.ts'
import type { EmulatedName } from './backstage/step.ts'
import type { SessionStorage } from './content/session-storage.ts'
import { type DemoEnvironment, readEnvironment, type Variables } from './environment.ts'
import { type Framework, originAt } from './framework.ts'
import { openLinkRecord } from './link-record.ts'
import { openRedis } from './redis.ts'

/** One server of the demo, whatever its framework. */
export interface Demo {
  readonly framework: Framework
  readonly environment: DemoEnvironment
  readonly auth: Auth
  /** For access tokens of the application itself. */
  readonly machine: WristbandClient
  readonly sessionStorage: SessionStorage
  readonly emulated: readonly EmulatedName[]
  /** The runner, where one started this server. */
  readonly backstage: Backstage | null
  readonly clock: () => number
  /** Whether it can serve: its store takes writes. */
  isHealthy(): Promise<boolean>
}

/** What a server of the demo is made with, besides the environment. */
export interface DemoOptions extends Omit<DemoAuthOptions, 'baseUrl'> {
  readonly backstage?: Backstage | undefined
  readonly emulated?: readonly EmulatedName[] | undefined
  readonly isHealthy?: (() => Promise<boolean>) | undefined
}

/** Wires a server of the demo together. */
export function createDemo(environment: DemoEnvironment, options: DemoOptions): Demo {
  const { framework, linkRecord, store, onEvent, fetch, clock = systemClock } = options
  const baseUrl = originAt(environment.ports[framework])
  return {
    framework,
    environment,
    auth: createDemoAuth(environment, { framework, baseUrl, linkRecord, store, onEvent, fetch, clock }),
    machine: createMachineClient(environment, { fetch, clock }),
    sessionStorage: store === undefined ? 'cookie' : 'redis',
    emulated: options.emulated ?? [],
    backstage: options.backstage ?? null,
    clock,
    isHealthy: options.isHealthy ?? (async () => true),
  }
}

/** A demo that runs, and what it holds open. */
export interface OpenDemo extends Demo {
  close(): Promise<void>
}

/** Wires a server together from environment variables, as the runner gives them. */
export function openDemo(framework: Framework, variables: Variables): OpenDemo {
  const environment = readEnvironment(variables)
  const redis = environment.redisUrl === null ? undefined : openRedis(environment.redisUrl)
  const linkRecord = redis?.linkRecord ?? openLinkRecord(environment.linkRecordFile)
  const backstage = openBackstage(framework, environment, variables)
  const demo = createDemo(environment, {
    framework,
    linkRecord,
    store: redis?.store,
    isHealthy: redis?.isHealthy,
    backstage,
    onEvent: backstage && [backstage.onEvent],
    fetch: backstage?.fetch,
    emulated: (variables.EMULATED_SYSTEMS ?? '').split(',').filter(isEmulatedName),
    clock: clockOf(variables.CLOCK_FILE),
  })
  return { ...demo, close: async () => linkRecord.close() }
}

function isEmulatedName(name: string): name is EmulatedName {
  return name === 'wristband' || name === 'wink' || name === 'wise'
}

const systemClock = (): number => Math.floor(Date.now() / 1000)

/** The time, moved by as many seconds as the runner wrote into a file that all servers read. */
function clockOf(file: string | undefined): () => number {
  return file ? () => systemClock() + Number(readFileSync(file, 'utf8')) : systemClock
}
