import { contextOf } from '../src/context/auth-context.ts'
import { requestCookies } from '../src/cookies/request-cookies.ts'
import { type AuthOptions, createMemoryStore, type Store } from '../src/index.ts'
import type { SessionRecord } from '../src/session/record.ts'
import { type App, createApp } from './app.ts'
import type { Browser } from './browser.ts'

/** Both ways in which core keeps sessions. */
export const strategies = ['cookie', 'store'] as const

export type Strategy = (typeof strategies)[number]

export interface StoredApp extends App {
  /** How often something was written to the store or removed from it. */
  writes(): number
  /** How often the store was called at all. */
  commands(): number
}

/** An app that keeps its sessions so, on a store that counts. */
export function createStoredApp(strategy: Strategy, options: Partial<AuthOptions> = {}): StoredApp {
  let writes = 0
  let reads = 0
  const memory = createMemoryStore()
  const counted =
    <Parameters extends unknown[], Result>(method: (...given: Parameters) => Promise<Result>) =>
    (...given: Parameters): Promise<Result> => {
      writes++
      return method(...given)
    }
  const store: Store = {
    get: (key) => (reads++, memory.get(key)),
    set: counted(memory.set),
    add: counted(memory.add),
    replace: counted(memory.replace),
    remove: counted(memory.remove),
  }
  return {
    ...createApp({ session: { strategy }, store, ...options }),
    writes: () => writes,
    commands: () => reads + writes,
  }
}

/** What is kept of a browser's session, also of identities that have ended. */
export async function keptRecord({ auth }: App, browser: Browser): Promise<SessionRecord | null> {
  const read = await contextOf(auth)?.sessions.read(requestCookies(browser.header()), 'https://app.example')
  return read?.record ?? null
}

/** Whether an answer sets a cookie. */
export function setsCookie(headers: Iterable<readonly [string, string]>): boolean {
  return [...headers].some(([name]) => name === 'set-cookie')
}

/** The same browser, answered by another app. */
export function at(app: App, browser: Browser): Browser {
  const other = app.browser()
  for (const name of browser.names()) other.plant(name, browser.value(name))
  return other
}
