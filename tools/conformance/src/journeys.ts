import assert from 'node:assert/strict'
import type { TestAnswer } from '@latchkey/testkit'
import type { World } from './module.ts'
import { appOrigin, user } from './provider/registration.ts'

/** The user begins to sign in and comes back: the application's answer to the callback. */
async function signIn({ browser, party }: World): Promise<TestAnswer> {
  const isCallback = ({ origin, pathname }: URL): boolean => origin === appOrigin && pathname.endsWith('/callback')
  const { location } = await browser.follow(await browser.open(party.loginUrl), isCallback)
  assert(location !== null, 'the sign-in does not come back')
  return browser.open(location)
}

/** Who the application says is signed in; null for nobody. */
export async function whoIsSignedIn({ browser }: World): Promise<string | null> {
  const answer = await browser.open('/auth/session')
  const { identities } = answer.json() as { identities: Record<string, { subject: string }> }
  return Object.values(identities)[0]?.subject ?? null
}

/** Signs in, and requires that it goes well. */
export async function signInWell(world: World): Promise<void> {
  const { journal } = world.provider
  const before = journal.count('userinfo')
  const page = await signIn(world)
  assert.equal(page.status, 303, `the sign-in was refused: ${codeOf(page)}`)
  assert(setsSession(page), 'no session was set')
  assert.equal(await whoIsSignedIn(world), user.subject, 'nobody is signed in')
  assert.equal(journal.count('userinfo'), before + 1, 'userinfo was not called once')
}

/** The journey of a module that must be accepted. */
export const accept = (): ((world: World) => Promise<void>) => signInWell

/** Where a sign-in is refused: what has been called by then, and what is not called any more. */
type Stage = 'callback' | 'tokens' | 'userinfo'

/** The journey of a module that must be refused. */
export function refuse(code: string, at: Stage = 'tokens'): (world: World) => Promise<void> {
  return async (world) => requireRefusal(world, await signIn(world), { code, at })
}

/** The journey of a module in which no sign-in may begin: nobody is sent anywhere. */
export function refuseToBegin(code: string): (world: World) => Promise<void> {
  return async (world) => {
    const { browser, party, provider } = world
    const page = await browser.open(party.loginUrl)
    assert.equal(page.location, null, 'the browser is sent to the provider')
    assert.equal(codeOf(page), code)
    assert.equal(provider.journal.count('authorize'), 0, 'the number of authorization requests')
    assert.equal(await whoIsSignedIn(world), null, 'someone is signed in')
  }
}

/** Requires that a callback was refused with a code, in silence, without a session and without showing a secret. */
async function requireRefusal(
  world: World,
  page: TestAnswer,
  { code, at }: { readonly code: string; readonly at: Stage },
): Promise<void> {
  const { journal } = world.provider
  assert(!setsSession(page), 'a session was set')
  assert.equal(codeOf(page), code)
  assert(page.status >= 400, 'the answer is not an error')
  assert.equal(journal.count('token'), at === 'callback' ? 0 : 1, 'the number of token requests')
  assert.equal(journal.count('userinfo'), at === 'userinfo' ? 1 : 0, 'the number of calls of userinfo')
  assert.equal(journal.count('refresh'), 0, 'a refresh followed')
  requireNoSecret(world, page)
  assert.equal(await whoIsSignedIn(world), null, 'someone is signed in')
}

/** A page holds no token, code, verifier or secret, in its text or in its headers. */
function requireNoSecret({ provider }: World, { text, headers }: TestAnswer): void {
  const others = [...headers].filter(([name]) => name !== 'set-cookie')
  const shown = text + JSON.stringify(others)
  assert(!provider.secrets().some((secret) => shown.includes(secret)), 'the page shows a secret')
}

/** Whether an answer sets the session's cookie. Those of logins that are under way have longer names. */
export function setsSession({ headers }: TestAnswer): boolean {
  return headers.getSetCookie().some((line) => /^__Host-latchkey(?:\.\d)?=(?!;)(?!.*; *max-age=0(?:;|$))/i.test(line))
}

/** The code of a problem document. */
function codeOf({ text, status }: TestAnswer): string {
  try {
    return (JSON.parse(text) as { code?: string }).code ?? `status ${status}`
  } catch {
    return `status ${status}`
  }
}
