import type { Script } from './script.ts'

/** What the store needs of a client, in the words of no library. */
export interface Commands {
  /** Reads a key on the primary. What is not sent before the signal ends is not sent. */
  get(key: string, signal: AbortSignal): Promise<string | null>
  /** The same for several keys, sent together: one command, or one for each key where those are on several servers. */
  getMany(keys: readonly string[], signal: AbortSignal): Promise<readonly (string | null)[]>
  /** Runs a script on a key. What is not sent before the signal ends is not sent. */
  run(script: Script, call: ScriptCall, signal: AbortSignal): Promise<unknown>
  /** Each server that takes writes. */
  servers(): Promise<readonly Server[]>
}

/** What a script is run with. */
export interface ScriptCall {
  readonly key: string
  readonly values: readonly string[]
}

/** One server, asked about itself. */
export interface Server {
  /** The answer of INFO. */
  info(): Promise<string>
  /** The answer of CONFIG GET, in the form that the client gives it. */
  config(parameter: string): Promise<unknown>
}
