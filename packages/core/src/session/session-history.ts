import { BoundedMap, processWide } from '../model/bounded-map.ts'

const maxEntries = 50_000

/**
 * What this process has seen of sessions whose cookies cannot be taken back from anyone who holds them: the newest
 * generation of each, and which have ended. Each is bounded by itself, so that sessions which go on push out no end: what was
 * heard of longest ago goes first. Other processes do not know it.
 */
export const sessionHistory: SessionHistory = {
  end(id) {
    ends().set(id, true)
    generations().delete(id)
  },
  hasEnded: (id) => ends().has(id),
  advance(id, generation) {
    if (generation > (generations().get(id) ?? 0)) generations().set(id, generation)
  },
  isOutdated: ({ id, generation }) => ends().has(id) || generation < (generations().get(id) ?? 0),
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

function ends(): Map<string, true> {
  return processWide('session-ends', () => new BoundedMap<string, true>(maxEntries))
}

function generations(): Map<string, number> {
  return processWide('session-generations', () => new BoundedMap<string, number>(maxEntries))
}
