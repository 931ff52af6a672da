import { createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'
import type { OwnLogin } from './flood.ts'
import type { FloodedApp } from './flooded-app.ts'

/** Users beside a flood. */
export interface Others {
  /** What was promised to them and does not hold any more; empty if all of it does. */
  brokenPromises(): Promise<readonly string[]>
}

/** Signs in one user, begins the login of a second, and redeems those of two more. */
export async function startOthers(app: FloodedApp): Promise<Others> {
  const [signedIn, waiting, used] = [openBrowser(app), openBrowser(app), openBrowser(app)]
  await signedIn.open(await begin(signedIn, 'ada'))
  const pending = await begin(waiting, 'eve')
  const callback = await begin(used, 'bob')
  const [copy, impatient] = [used.copy(), used.copy()]
  const answer = await used.open(callback)
  return {
    async brokenPromises() {
      const { session } = await app.auth.getSession(signedIn.request('/page'), { readOnly: true })
      const arrived = await waiting.open(pending)
      const repeated = await impatient.open(callback)
      const replayed = await copy.open(`${callback}&again=1`)
      const late = openBrowser(app)
      await late.open(await begin(late, 'grace'))
      const holds: Readonly<Record<string, boolean>> = {
        'a user was signed out': session?.user.subject === 'ada',
        'a login that was under way was lost': arrived.status === 303 && isSignedIn(waiting),
        'a callback that came again got another answer': cookiesOf(repeated) === cookiesOf(answer),
        'a login was redeemed twice': replayed.status >= 300 && !isSignedIn(copy),
        'nobody can sign in any more': isSignedIn(late),
      }
      return Object.keys(holds).filter((promise) => !holds[promise])
    },
  }
}

/** Begins a login as anybody can. */
export async function beginOwnLogin(app: FloodedApp): Promise<OwnLogin> {
  const browser = openBrowser(app)
  const { location } = await browser.open('/auth/acme/login', { from: '/' })
  const cookie = browser.request('/auth/acme/callback').headers.get('cookie') ?? ''
  return { state: stateOf(location), cookie }
}

/** The `state` of the vendor's address. */
export function stateOf(location: URL | null): string {
  return encodeURIComponent(location?.searchParams.get('state') ?? '')
}

function openBrowser({ auth, port }: FloodedApp): TestBrowser {
  return createTestBrowser({ origin: `http://localhost:${port}`, answer: (request) => auth.handle(request) })
}

async function begin(browser: TestBrowser, subject: string): Promise<string> {
  const { location } = await browser.open('/auth/acme/login', { from: '/' })
  return `/auth/acme/callback?state=${stateOf(location)}&subject=${subject}`
}

function isSignedIn({ cookies }: TestBrowser): boolean {
  return cookies.names().includes('__Host-latchkey')
}

function cookiesOf({ headers }: TestAnswer): string {
  return headers.getSetCookie().join('\n')
}
