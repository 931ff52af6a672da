import { processWide } from '../process-wide.ts'

const mostRemembered = 50_000

/**
 * Remembers that a session ended before its cookie expires: signed out, or replaced at a sign-in. A sealed cookie cannot
 * be taken back from whoever copied it, so this process refuses it by its id. Other processes do not know the list.
 */
export function rememberEnded(id: string): void {
  const ended = endedIds()
  ended.add(id)
  // A Set iterates in the order of insertion, so the first is the oldest.
  if (ended.size > mostRemembered) ended.delete(ended.values().next().value ?? '')
}

/** Whether this process has seen the session end. */
export function hasEnded(id: string): boolean {
  return endedIds().has(id)
}

function endedIds(): Set<string> {
  return processWide('ended-sessions', () => new Set<string>())
}
