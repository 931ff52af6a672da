import { journeyOf } from './backstage/journey-cookie.ts'
import type { Demo } from './demo.ts'

/** What the app's own log says about a code that this browser has met. An answer would not: it shows the code alone. */
export async function hintOf({ backstage }: Demo, headers: Pick<Headers, 'get'>, code: string): Promise<string | null> {
  const steps = (await backstage?.stepsOf(journeyOf(headers))) ?? []
  const met = steps.findLast((step) => step.kind === 'event' && step.code === code)
  return met?.kind === 'event' ? (met.hint ?? null) : null
}
