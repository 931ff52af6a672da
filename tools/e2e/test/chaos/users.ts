import { setTimeout as wait } from 'node:timers/promises'
import { createTestBrowser, type TestBrowser } from '@latchkey/testkit'
import { origin } from './app-settings.ts'
import type { AppNode, Fleet } from './fleet.ts'

/** Somebody who is signed in, or was. */
export interface User {
  readonly subject: string
  readonly browser: TestBrowser
  /** Whether the session was ended on purpose: no answer may let it in. */
  isOut: boolean
}

/** What came of requests. */
export interface Tally {
  /** Answers with the identity, and the token, of the one who asked. */
  right: number
  /** Answers with anything of another. */
  crossed: number
  /** Answers to those whose sessions had been ended. */
  letIn: number
  /** Those who were signed out and should not be, each once. */
  readonly lost: Set<User>
  /** 503 */
  unavailable: number
  /** The process was gone. */
  broken: number
  /** Any other answer. */
  other: number
  /** When the last 503 was answered. */
  unavailableAt: number
}

export function createTally(): Tally {
  return { right: 0, crossed: 0, letIn: 0, lost: new Set(), unavailable: 0, broken: 0, other: 0, unavailableAt: 0 }
}

/** Where a browser finds the app: at another of these processes for each request, by turns. */
export function serversOf(nodes: () => readonly AppNode[]): Readonly<Record<string, string>> {
  let turn = 0
  return {
    get [origin]() {
      const all = nodes()
      return all[turn++ % all.length]?.url ?? ''
    },
  }
}

/** Signs somebody in, by a browser. Where the store was too slow for a login, as on a busy machine, the user tries again. */
export async function signIn(servers: Readonly<Record<string, string>>, subject: string): Promise<User> {
  const browser = createTestBrowser({ origin, servers })
  let page = ''
  for (let tries = 0; tries < 10; tries++) {
    const begun = await browser.open(`/auth/acme/login?login_hint=${subject}&return_url=/error`)
    page = (await browser.follow(begun)).text
    // The page for errors is where a login that failed ends, too.
    if (browser.cookies.names().includes('__Host-latchkey')) return { subject, browser, isOut: false }
  }
  throw new Error(`${subject} cannot sign in: ${page}`)
}

/** Asks once who one is, checks the answer, and counts it. True where the user got a good access token, too. */
export async function ask(node: AppNode, user: User, tally: Tally): Promise<boolean> {
  const { subject, browser } = user
  let response: Response
  let body: { readonly subject?: string; readonly token?: string | null }
  try {
    response = await fetch(`${node.url}/me`, { headers: { cookie: browser.cookies.header() } })
    body = (await response.json()) as typeof body
  } catch {
    tally.broken++
    return false
  }
  browser.cookies.keep(response.headers.getSetCookie())
  const { status } = response
  if (status === 200) {
    const isOwn = body.subject === subject && (body.token === null || body.token?.startsWith(`${subject}.`) === true)
    if (user.isOut) tally.letIn++
    else if (isOwn) tally.right++
    else tally.crossed++
  } else if (status === 503) {
    tally.unavailable++
    tally.unavailableAt = performance.now()
  } else if (status !== 401) tally.other++
  else if (!user.isOut) tally.lost.add(user)
  return status === 200 && body.token !== null
}

/** Lets users ask without an end, each two things at once, until it is stopped. */
export function startLoad(fleet: Fleet, users: readonly User[], { tally, pauseMilliseconds }: LoadOptions): Load {
  let isOver = false
  const live = async (user: User): Promise<void> => {
    while (!isOver && !tally.lost.has(user)) {
      await Promise.all([ask(fleet.next(), user, tally), ask(fleet.next(), user, tally)])
      await wait(pauseMilliseconds)
    }
  }
  const lives = users.map(live)
  return {
    async stop() {
      isOver = true
      await Promise.all(lives)
    },
  }
}

/** Requests without an end. */
export interface Load {
  stop(): Promise<void>
}

/** How they are counted, and how long a user waits between two. */
export interface LoadOptions {
  readonly tally: Tally
  readonly pauseMilliseconds: number
}
