import { assertEqual } from '../assertion.ts'
import type { TestAnswer } from '../browser/test-browser.ts'
import { canary } from './example-provider.ts'
import { protectedMarker } from './example-routes.ts'

/** Expects a problem document with this code. */
export function expectProblem(answer: TestAnswer, status: number, code: string): void {
  assertEqual([answer.status, codeOf(answer)], [status, code], `the status and code, in ${answer.text.slice(0, 200)}`)
  assertEqual(answer.headers.get('content-type'), 'application/problem+json', 'the content type of a problem document')
  expectUncached(answer)
  expectNothingShown(answer)
}

/** Expects what forbids every cache to keep an answer. */
export function expectUncached(answer: TestAnswer): void {
  assertEqual(isUncached(answer), [true, true], '`Cache-Control: private, no-store` and `Vary: Cookie` of an answer')
}

/** Expects no sign of a session in an answer's headers. */
export function expectUntouched(answer: TestAnswer): void {
  assertEqual(isUncached(answer), [false, false], '`no-store` and `Vary: Cookie` of an answer that asked no session')
  assertEqual(answer.headers.getSetCookie(), [], 'the cookies of an answer that asked no session')
}

/** Expects an answer without what is behind a requirement, and without a token. */
export function expectNothingShown(answer: TestAnswer): void {
  const whole = answer.text + JSON.stringify([...answer.headers])
  assertEqual(whole.includes(protectedMarker), false, 'whether what is protected is shown')
  assertEqual(whole.includes(canary), false, 'whether a token is shown')
}

/** Expects that the handler behind a requirement ran for this user. */
export function expectUser(answer: TestAnswer, subject: string): void {
  assertEqual([answer.status, memberOf(answer, 'subject')], [200, subject], 'the status and who is signed in')
  assertEqual(memberOf(answer, 'marker'), protectedMarker, 'the marker of what is protected')
  expectUncached(answer)
}

/** A member of a JSON answer; undefined where there is none. */
export function memberOf(answer: TestAnswer, name: string): unknown {
  try {
    return (answer.json() as Readonly<Record<string, unknown>> | null)?.[name]
  } catch {
    return undefined
  }
}

function codeOf(answer: TestAnswer): unknown {
  return memberOf(answer, 'code')
}

function isUncached({ headers }: TestAnswer): readonly [boolean, boolean] {
  const names = (headers.get('vary') ?? '').split(',').map((name) => name.trim().toLowerCase())
  return [headers.get('cache-control') === 'private, no-store', names.includes('cookie')]
}
