import { type AuthOptions, createMemoryStore, type Store } from '../src/index.ts'
import { type App, createApp, exampleSecret } from './app.ts'
import type { Browser } from './browser.ts'
import { at } from './strategies.ts'

const unguarded: Partial<Store> = {}

/** Two processes that keep their sessions in one store. */
export interface Fleet {
  readonly here: App
  readonly there: App
  readonly clock: { now: number }
  /** What the store holds, by key. */
  readonly entries: Map<string, string>
}

/** Starts both; `changed` says which methods of their store do something else. */
export function createFleet(
  options: Partial<AuthOptions> = {},
  changed: (store: Store) => Partial<Store> = () => unguarded,
): Fleet {
  const clock = { now: 1_800_000_000 }
  const time = { clock: () => clock.now }
  const secret = exampleSecret()
  const entries = new Map<string, string>()
  const memory = createMemoryStore(time)
  const watched: Store = {
    ...memory,
    add: async (key, value, lifetime) => (entries.set(key, value), memory.add(key, value, lifetime)),
    set: async (key, value, lifetime) => (entries.set(key, value), memory.set(key, value, lifetime)),
    replace: async (key, expected, value, lifetime) => (
      entries.set(key, value), memory.replace(key, expected, value, lifetime)
    ),
  }
  const store = { ...watched, ...changed(watched) }
  const createOne = (): App => createApp({ secret, store, session: { strategy: 'store' }, ...time, ...options })
  return { here: createOne(), there: createOne(), clock, entries }
}

/** A browser that the first process has signed in, and the same browser at the second. */
export async function signedIn(fleet: Fleet): Promise<readonly [Browser, Browser]> {
  const browser = fleet.here.browser()
  await browser.signIn()
  return [browser, at(fleet.there, browser)]
}
