import { assertEqual } from '../assertion.ts'
import type { TestAnswer, TestBrowser } from '../browser/test-browser.ts'
import type { ProviderApp } from './provider-app.ts'

/** The code of an error, of a problem document or of the way to the error page; null for any other answer. */
export function errorCodeOf({ location, text }: TestAnswer): string | null {
  const code = location?.searchParams.get('code') ?? problemCode(text)
  return code !== null && /^[a-z][a-z0-9]*\/[a-z0-9_]+$/.test(code) ? code : null
}

function problemCode(text: string): string | null {
  try {
    const { code } = JSON.parse(text) as { readonly code?: unknown }
    return typeof code === 'string' ? code : null
  } catch {
    return null
  }
}

/** Expects that nobody is signed in. */
export async function expectNobody(app: ProviderApp, browser: TestBrowser, what: string): Promise<void> {
  assertEqual((await app.session(browser))?.user.subject ?? null, null, `who is signed in ${what}`)
}

/** Expects an error with a code that somebody chose: an error of JavaScript is none. */
export function expectCode(answer: TestAnswer, what: string): void {
  const code = errorCodeOf(answer)
  assertEqual([code === null, code], [false, code === 'core/internal_error' ? 'a code of its own' : code], what)
}

/** What a rejection says by its code; null for what did not reject. */
export async function codeOfRejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
    return null
  } catch (error) {
    return (error as { readonly code?: unknown }).code ?? String(error)
  }
}

/** Expects no secret and no personal data in answers, events and addresses of requests. */
export function expectNothingTold(app: ProviderApp): void {
  const told: Readonly<Record<string, string>> = {
    'an answer': app.answers.join('\n'),
    'an event': JSON.stringify(app.events),
    'the address of a request': app.requests.map(({ url }) => url).join('\n'),
  }
  for (const [where, text] of Object.entries(told)) {
    const found = app.vendor.canaries.filter(
      (canary) => text.includes(canary) || text.includes(encodeURIComponent(canary)),
    )
    assertEqual(found, [], `the canaries in ${where}`)
  }
}
