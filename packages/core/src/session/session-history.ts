import { BoundedMap, processWide } from '../model/bounded-map.ts'

const maxEntries = 50_000

const ended = Number.POSITIVE_INFINITY

/**
 * What this process has seen of sessions whose cookies cannot be taken back from anyone who holds them: the newest
 * generation of each, and which have ended. Bounded: what was heard of longest ago goes first. Other processes do not
 * know it.
 */
export const sessionHistory: SessionHistory = {
  end: (id) => remember(id, ended),
  hasEnded: (id) => generations().get(id) === ended,
  advance(id, generation) {
    if (generation > (generations().get(id) ?? 0)) remember(id, generation)
  },
  isOutdated: ({ id, generation }) => generation < (generations().get(id) ?? 0),
}

/** See {@link sessionHistory}. */
export interface SessionHistory {
  /** Remembers that a session is over: signed out, or replaced at a sign-in. */
  end(id: string): void
  hasEnded(id: string): boolean
  /** Remembers that a session has come to a generation. */
  advance(id: string, generation: number): void
  /** Whether a newer generation of the session is known, or its end. */
  isOutdated(record: { readonly id: string; readonly generation: number }): boolean
}

function remember(id: string, generation: number): void {
  generations().set(id, generation)
}

function generations(): Map<string, number> {
  return processWide('session-generations', () => new BoundedMap<string, number>(maxEntries))
}
