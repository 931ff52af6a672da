import { AsyncLocalStorage } from 'node:async_hooks'
import type { EventListener } from '@latchkey/core'
import type { DemoEnvironment, Variables } from '../environment.ts'
import type { Framework } from '../framework.ts'
import type { Report, Step } from './step.ts'
import { systemAt } from './system-at.ts'

/** The runner's side door: it remembers what happened to each browser, and makes the emulators misbehave. */
export interface Backstage {
  /** Does some work for a browser; what happens meanwhile is told before this settles. */
  accompany<T>(journey: string | null, work: () => Promise<T>): Promise<T>
  /** Tells something about the browser that is accompanied; without one it is dropped. */
  tell(report: Report): void
  readonly onEvent: EventListener
  /** A fetch that tells what it was used for, never what was in it. */
  readonly fetch: typeof globalThis.fetch
  /** All that happened to a browser, oldest first. */
  stepsOf(journey: string | null): Promise<readonly Step[]>
  makeTrouble(name: string): Promise<void>
}

interface Accompanied {
  readonly journey: string
  readonly told: Promise<unknown>[]
}

/** Opens the side door that the runner named in the environment; null where no runner is. */
export function openBackstage(
  framework: Framework,
  environment: DemoEnvironment,
  variables: Variables,
): Backstage | null {
  const { BACKSTAGE_URL: url, BACKSTAGE_SECRET: secret } = variables
  if (!url || !secret) return null
  const current = new AsyncLocalStorage<Accompanied>()
  const ask = (path: string, body?: Report): Promise<Response> =>
    fetch(url + path, {
      headers: { authorization: `Bearer ${secret}` },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
  const tell = (report: Report): void => {
    const accompanied = current.getStore()
    accompanied?.told.push(ask(`/journeys/${accompanied.journey}`, report).catch(() => undefined))
  }
  return {
    tell,
    async accompany(journey, work) {
      if (journey === null) return work()
      const told: Promise<unknown>[] = []
      try {
        return await current.run({ journey, told }, work)
      } finally {
        await Promise.all(told)
      }
    },
    onEvent({ type, provider, ...event }) {
      const { code, hint } = event as { code?: string; hint?: string }
      tell({
        kind: 'event',
        at: Date.now(),
        framework,
        type,
        ...(provider !== undefined && { provider }),
        ...(code !== undefined && { code }),
        ...(hint !== undefined && { hint }),
      })
    },
    async fetch(input, init) {
      const { method, url } = new Request(input, init)
      const { host, pathname: path } = new URL(url)
      const system = systemAt(environment, new URL(url))
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
        return (await (await ask(`/journeys/${journey}`)).json()) as readonly Step[]
      } catch {
        return []
      }
    },
    async makeTrouble(name) {
      const response = await fetch(`${url}/troubles/${name}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}` },
      })
      if (!response.ok) throw new Error(`The runner does not know the trouble (${response.status})`)
    },
  }
}
