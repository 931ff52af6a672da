import { headers } from 'next/headers'
import { journeyOf } from '../../src/backstage/journey-cookie.ts'
import type { Step } from '../../src/backstage/step.ts'
import { demo } from './auth.ts'

/** What happened to the browser whose page is rendered. */
export async function stepsOfThisBrowser(): Promise<readonly Step[]> {
  const journey = journeyOf((await headers()).get('cookie'))
  return (await demo().backstage?.stepsOf(journey)) ?? []
}
