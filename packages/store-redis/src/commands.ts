import type { Script } from './script.ts'

/** A lifetime, or the time until a deadline, in seconds. */
type Seconds = number

/** The commands of the store, in the words of one client library. Each is sent once, in time or not at all. */
export interface Commands {
  get(key: string): Promise<string | null>
  set(key: string, value: string, lifetime: Seconds): Promise<void>
  /** Sets the key if it is absent. Gives the value that is there instead, or null if it was absent. */
  add(key: string, value: string, lifetime: Seconds): Promise<string | null>
  remove(key: string): Promise<boolean>
  /** True if the script answered 1. */
  run(script: Script, key: string, values: readonly string[]): Promise<boolean>
  /** Each server that takes writes. */
  servers(): Promise<readonly Server[]>
}

/** One server, asked about itself. */
export interface Server {
  /** The answer of INFO. */
  info(): Promise<string>
  /** The answer of CONFIG GET, in the form that the client gives it. */
  config(parameter: string): Promise<unknown>
}
