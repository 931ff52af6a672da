import { AsyncLocalStorage } from 'node:async_hooks'
import type { EventListener } from '@latchkey/core'
import type { DemoEnvironment, Variables } from '../environment.ts'
import type { Framework } from '../framework.ts'
import { type FollowedRequest, followRequest, type ReceivedRequest } from './followed-request.ts'
import type { Report, Step } from './step.ts'
import { systemAt } from './system-at.ts'

/** The server's connection to the runner, which remembers what happened to each browser and controls the emulators. */
export interface Backstage {
  /** Follows a request: what happens in it is told of its browser. */
  follow(request: ReceivedRequest): FollowedRequest
  /** Tells an event of the request that is followed; without one it is dropped. */
  readonly onEvent: EventListener
  /** A fetch that tells what it was used for, never what was in it. */
  readonly fetch: typeof globalThis.fetch
  /** All that happened to a browser, oldest first. */
  stepsOf(journey: string | null): Promise<readonly Step[]>
  makeTrouble(name: string): Promise<void>
}

/** Connects to the runner that the environment names; undefined if the server was started without one. */
export function openBackstage(
  framework: Framework,
  environment: DemoEnvironment,
  variables: Variables,
): Backstage | undefined {
  const { BACKSTAGE_URL: url, BACKSTAGE_SECRET: secret } = variables
  if (!url || !secret) return undefined
  const headers = { authorization: `Bearer ${secret}` }
  const followed = new AsyncLocalStorage<FollowedRequest>()
  const tell = (report: Report): void => followed.getStore()?.tell(report)
  return {
    follow: (request) =>
      followRequest(request, {
        followed,
        framework,
        send: async (journey, report) => {
          const body = JSON.stringify(report)
          await fetch(`${url}/journeys/${journey}`, { method: 'POST', headers, body }).catch(() => undefined)
        },
      }),
    onEvent(event) {
      // Calls of vendors are told where they are made.
      if (event.type === 'vendor.request' || event.type === 'route.answered') return
      const text = (name: string): string | undefined => {
        const value: unknown = Reflect.get(event, name)
        return typeof value === 'string' ? value : undefined
      }
      tell({
        kind: 'event',
        at: Date.now(),
        framework,
        type: event.type,
        provider: text('provider'),
        code: text('code'),
        reason: text('reason'),
        hint: text('hint'),
      })
    },
    async fetch(input, init) {
      const { method, url: address } = new Request(input, init)
      const { host, pathname: path } = new URL(address)
      const system = systemAt(environment, new URL(address))
      const step = { kind: 'call' as const, at: Date.now(), method, host, path }
      let status: number | null = null
      try {
        const response = await fetch(input, init)
        status = response.status
        return response
      } finally {
        if (system !== null) tell({ ...step, system, status })
      }
    },
    async stepsOf(journey) {
      if (journey === null) return []
      try {
        const response = await fetch(`${url}/journeys/${journey}`, { headers })
        return (await response.json()) as readonly Step[]
      } catch {
        return []
      }
    },
    async makeTrouble(name) {
      const response = await fetch(`${url}/troubles/${name}`, { method: 'POST', headers })
      if (!response.ok) throw new Error(`The runner does not know the trouble (${response.status})`)
    },
  }
}
