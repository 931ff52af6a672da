import type { AsyncLocalStorage } from 'node:async_hooks'
import { journeyCookie, journeyOf, newJourney } from './journey-cookie.ts'
import type { Report, SystemName } from './step.ts'

/** What is read of a request. */
export interface ReceivedRequest {
  readonly path: string
  /** Its Cookie header. */
  readonly cookie: string | null | undefined
}

/** A request of a browser, from its arrival to its answer. */
export interface FollowedRequest {
  /** Runs the rest of the request. */
  run<T>(work: () => T): T
  tell(report: Report): void
  /**
   * Waits until everything is told. Await it before the answer is sent, so that the next page shows it.
   *
   * @param location Where the answer redirects to.
   * @returns The Set-Cookie line to add to the answer, or null.
   */
  finish(location: string | null | undefined): Promise<string | null>
}

interface Following {
  readonly followed: AsyncLocalStorage<FollowedRequest>
  systemAt(address: URL): SystemName | null
  send(journey: string, report: Report): Promise<void>
}

/**
 * Follows a request. A browser gets its journey cookie when it is first redirected to one of the systems; what happened in
 * a request without a journey and without such a redirect is dropped.
 */
export function followRequest({ path, cookie }: ReceivedRequest, following: Following): FollowedRequest {
  const known = journeyOf(cookie)
  const journey = known ?? newJourney()
  const held: Report[] = []
  const sent: Promise<void>[] = []
  const request: FollowedRequest = {
    run: (work) => following.followed.run(request, work),
    tell(report) {
      if (known === null) held.push(report)
      else sent.push(following.send(journey, report))
    },
    async finish(location) {
      const system = URL.canParse(location ?? '') ? following.systemAt(new URL(location ?? '')) : null
      if (system !== null) {
        request.tell({ kind: 'redirect', system })
        for (const report of held) sent.push(following.send(journey, report))
      }
      await Promise.all(sent)
      return system !== null && known === null ? journeyCookie(journey) : null
    },
  }
  for (const [system, pattern] of returns) if (pattern.test(path)) request.tell({ kind: 'return', system })
  return request
}

/** Where browsers come back to from a system. */
const returns = [
  ['wristband', /^\/auth\/(?:wristband\/callback|logout\/next)(?:\?|$)/],
  ['wink', /^\/auth\/(?:wink\/callback|wink\/cancel|logout\/next)(?:\?|$)/],
] as const
