import { expect } from 'vitest'
import type { RunningDemo } from './running-demo.ts'
import { setCookiesOf, type Visit, type Visitor } from './visitor.ts'

/** What the session endpoint says of a visitor. */
export interface SessionAnswer {
  readonly signedIn: boolean
  readonly identities: Readonly<Record<string, { readonly subject: string }>>
}

/** Who the session endpoint takes a visitor for. */
export async function sessionOf(demo: RunningDemo, visitor: Visitor): Promise<SessionAnswer> {
  return JSON.parse((await visitor.visit(`${demo.url}/auth/session`, { asProgram: true })).text)
}

/** What the payroll, which needs a fresh look of Wink, says to a visitor: its status and, of a refusal, the code. */
export async function payrollOf(demo: RunningDemo, visitor: Visitor): Promise<number | string> {
  const visit = await visitor.visit(`${demo.url}/api/payroll`, { asProgram: true })
  return visit.status === 200 ? 200 : problemCode(visit)
}

/** The code of a problem document. */
export function problemCode(visit: Visit): string {
  expect(visit.headers.get('content-type')).toContain('application/problem+json')
  return JSON.parse(visit.text).code
}

/** Expects a sign-in to be refused with a code, to the caller and in the events alike, and without any cookie. */
export function expectRefusedSignIn(demo: RunningDemo, visit: Visit, code: string): void {
  expect(problemCode(visit)).toBe(code)
  expect(visit.status).toBeGreaterThanOrEqual(400)
  expect(setCookiesOf(visit)).toEqual([])
  expect(demo.events.at(-1)).toMatchObject({ type: 'sign_in.refused', code })
}
