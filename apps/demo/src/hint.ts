import { journeyOf } from './backstage/journey-cookie.ts'
import type { Demo } from './demo.ts'

/** What the events of this browser say about a code. An answer would not: it shows the code alone. */
export async function hintOf(
  { backstage }: Demo,
  cookie: string | null | undefined,
  code: string,
): Promise<string | null> {
  const steps = (await backstage?.stepsOf(journeyOf(cookie))) ?? []
  const found = steps.findLast((step) => step.kind === 'event' && step.code === code)
  return found?.kind === 'event' ? (found.hint ?? null) : null
}
