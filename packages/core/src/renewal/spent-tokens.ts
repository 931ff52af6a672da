import { processWide } from '../process-wide.ts'

const mostRemembered = 50_000

/**
 * Refresh tokens that this process has exchanged for new ones, by their MAC. Presenting one again would make a vendor
 * that detects reuse end the whole sign-in. Bounded: the oldest go first.
 */
export const spentTokens: SpentTokens = {
  add(key) {
    spent().add(key)
    // A Set iterates in the order of insertion, so the first is the oldest.
    if (spent().size > mostRemembered) spent().delete(spent().values().next().value ?? '')
  },
  has: (key) => spent().has(key),
}

/** See {@link spentTokens}. */
export interface SpentTokens {
  add(key: string): void
  has(key: string): boolean
}

function spent(): Set<string> {
  return processWide('spent-refresh-tokens', () => new Set<string>())
}
