import type { Seconds } from '../session/identity.ts'

/**
 * Where sessions and single-use marks are kept. Five methods, so that a store for another database is small; all
 * methods are atomic. Lifetimes are whole seconds and mandatory.
 */
export interface Store {
  get(key: string): Promise<string | null>
  set(key: string, value: string, lifetime: Seconds): Promise<void>
  /** Sets the key only if it is absent; true if it did. */
  add(key: string, value: string, lifetime: Seconds): Promise<boolean>
  /** Replaces the value only if the key holds exactly `expected`; never creates. True if it did. */
  replace(key: string, expected: string, value: string, lifetime: Seconds): Promise<boolean>
  /** Removes the key, with `expected` only if it holds exactly that. True if it did. */
  remove(key: string, expected?: string): Promise<boolean>
}
