import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Framework } from '../framework.ts'
import { journeyCookie, journeyOf, newJourney } from './journey-cookie.ts'
import type { Report, SystemName } from './step.ts'

/** What is read of a request. */
export interface ReceivedRequest {
  /** With or without its query. */
  readonly path: string
  /** Its Cookie header. */
  readonly cookie: string | null | undefined
}

/** A request of a browser that is followed for the timeline. */
export interface FollowedRequest {
  /** The Set-Cookie line to add to the answer, or null. */
  readonly setCookie: string | null
  /** Runs the rest of the request, once it is told that the browser is back: so the steps are in order. */
  run<T>(work: () => T | Promise<T>): Promise<T>
  tell(report: Report): void
  /** Settles when everything is told. Await it before the answer is sent, so that the next page shows it. */
  flush(): Promise<void>
}

interface Following {
  readonly followed: AsyncLocalStorage<FollowedRequest>
  readonly framework: Framework
  send(journey: string, report: Report): Promise<void>
}

/**
 * Follows a request. A browser gets its journey cookie when it first goes to one of the systems; what happens in a request
 * without a journey is dropped.
 */
export function followRequest(
  { path, cookie }: ReceivedRequest,
  { followed, framework, send }: Following,
): FollowedRequest {
  const [pathname = ''] = path.split('?', 1)
  const { redirect = [], return: returned = [], script } = Object.hasOwn(moves, pathname) ? (moves[pathname] ?? {}) : {}
  const known = journeyOf(cookie)
  const journey = known ?? (redirect.length > 0 ? newJourney() : null)
  const sent: Promise<void>[] = []
  const request: FollowedRequest = {
    setCookie: known === null && journey !== null ? journeyCookie(journey) : null,
    async run(work) {
      await request.flush()
      return followed.run(request, async () => work())
    },
    tell(report) {
      if (journey !== null) sent.push(send(journey, report))
    },
    async flush() {
      await Promise.all(sent)
    },
  }
  for (const system of returned) request.tell({ kind: 'return', system })
  for (const system of redirect) request.tell({ kind: 'redirect', system })
  if (script !== undefined) request.tell({ kind: 'script', framework, method: script, path: pathname })
  return request
}

interface Moves {
  readonly redirect?: readonly SystemName[]
  readonly return?: readonly SystemName[]
  /** Set where no link leads: a script or a hidden frame of a page asks, by this method. */
  readonly script?: 'GET' | 'POST'
}

/** The addresses that send a browser to a system, and those at which it comes back. */
const moves: Readonly<Record<string, Moves>> = {
  '/': { return: ['wristband', 'wink', 'wise'] },
  '/auth/oidc/login': { redirect: ['oidc'] },
  '/auth/oidc/callback': { return: ['oidc'] },
  '/auth/wristband/login': { redirect: ['wristband'] },
  '/auth/wristband/callback': { return: ['wristband'] },
  '/auth/wink/login': { redirect: ['wink'] },
  '/auth/wink/callback': { return: ['wink'] },
  '/auth/wink/cancel': { return: ['wink'] },
  '/auth/wink/session': { redirect: ['wink'], script: 'POST' },
  // The page around the frame redeems the code then.
  '/auth/wink/silent-check-sso.html': { redirect: ['wink'], script: 'GET' },
  '/auth/wink/token': { return: ['wink'], script: 'POST' },
  '/auth/wise/launch': { redirect: ['wise'] },
  '/auth/logout': { redirect: ['wristband', 'wink'] },
  '/auth/logout/next': { return: ['wristband'] },
}
