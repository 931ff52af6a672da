import { protectedMarker } from '@latchkey/testkit'
import { appOrigin, type CatchAllApp, type CatchAllBrowser, signInPage } from './catch-all-app.ts'
import type { TargetAnswer } from './keep-alive-client.ts'

/** What became of one URL. */
export type RoundTrip =
  /** No guard saw it: the framework answered by itself, or it is a route of the auth. */
  | { readonly kind: 'not-routed'; readonly url: string; readonly status: number }
  | { readonly kind: 'at-the-page'; readonly url: string; readonly spelling: Spelling }
  | { readonly kind: 'at-the-root'; readonly url: string }
  /** Not signed in, or elsewhere. */
  | { readonly kind: 'lost'; readonly url: string; readonly why: string }

/**
 * How a page is spelled when the browser comes back to it: byte for byte as it was asked for; as the URL Standard has
 * browsers write it; or with its query as the framework wrote it before any code of the app or of ours saw it.
 */
export type Spelling = 'as-sent' | 'of-browsers' | 'of-the-framework'

type Ask = (browser: CatchAllBrowser, target: string) => Promise<TargetAnswer>

const open: Ask = (browser, target) => browser.open(target)

const fetchIt: Ask = (browser, target) => browser.fetch(target)

/** Opens a page without a session, signs in from where its guard points, and goes where the callback leads. */
export function signInFrom(app: CatchAllApp, url: string): Promise<RoundTrip> {
  return signInAfter(app, url, open)
}

/** The same where a script of a page fetches: it is told where to sign in, and of no way back. */
export function signInFromScript(app: CatchAllApp, url: string): Promise<RoundTrip> {
  return signInAfter(app, url, fetchIt)
}

/** Signs in, then out with a URL to return to, and goes where the sign-out leads; the session must be over. */
export async function signOutTo(app: CatchAllApp, url: string): Promise<RoundTrip> {
  const browser = app.openBrowser()
  await signIn(app, browser, '/')
  const old = browser.cookies()
  const before = await app.openBrowser(old).open(`${app.basePath}/session`)
  if (!before.text.includes('"signedIn":true')) return lost(url, 'not signed in', before)
  const first = await browser.submit(`${app.basePath}/logout`, { return_url: url })
  if (first.status !== 303 || first.location?.startsWith('https://example.example/logout?') !== true) {
    return lost(url, 'no sign-out', first)
  }
  for (const cookies of [old, browser.cookies()]) {
    const after = await app.openBrowser(cookies).open(`${app.basePath}/session`)
    if (!after.text.includes('"signedIn":false')) return lost(url, 'still signed in', after)
  }
  const last = await browser.open(`${app.basePath}/logout/next`)
  if (last.status !== 303 || last.location === null) return lost(url, 'no return', last)
  return whereabouts(app, { url, asked: url, location: last.location })
}

async function signInAfter(app: CatchAllApp, url: string, ask: Ask): Promise<RoundTrip> {
  const browser = app.openBrowser()
  const { target: asked, answer } = await askSpelled(browser, url, ask)
  const returnUrl = signInOffer(app, answer)
  if (returnUrl === undefined) return { kind: 'not-routed', url, status: answer.status }
  const signedIn = await signIn(app, browser, returnUrl)
  const { location } = signedIn
  if (signedIn.status !== 303 || location === null) return lost(url, 'no sign-in', signedIn)
  const place = whereabouts(app, { url, asked, location })
  if (place.kind === 'lost') return place
  // An app below a prefix has no page at the root of its host: its first page shows whether the user is signed in.
  const arrival = place.kind === 'at-the-root' && app.prefix !== '' ? app.prefix : location
  const arrived = await askSpelled(browser, arrival, open)
  if (arrived.answer.status !== 200 || !arrived.answer.text.includes(protectedMarker)) {
    return lost(url, `not let in at ${arrival}`, arrived.answer)
  }
  if (place.kind !== 'at-the-page' || place.spelling !== 'of-the-framework') return place
  // To the guard, and so to the app, it must be the same page.
  const again = signInOffer(app, (await askSpelled(app.openBrowser(), location, ask)).answer)
  return again === returnUrl ? place : { kind: 'lost', url, why: `at ${location}, which is ${again} to its guard` }
}

/**
 * Goes through the provider with a `return_url`; the answer is that of the callback.
 *
 * @param returnUrl As a page for signing in passes it on; null for none.
 */
async function signIn(app: CatchAllApp, browser: CatchAllBrowser, returnUrl: string | null): Promise<TargetAnswer> {
  const query = returnUrl === null ? '' : `?${new URLSearchParams({ return_url: returnUrl })}`
  const login = await browser.open(`${app.basePath}/example/login${query}`)
  const vendor = login.status === 303 && login.location !== null ? new URL(login.location) : null
  if (vendor?.host !== 'example.example') return login
  const callback = new URL(vendor.searchParams.get('redirect_uri') ?? '')
  const assertion = new URLSearchParams({
    state: vendor.searchParams.get('state') ?? '',
    assertion: JSON.stringify({ subject: 'ada' }),
  })
  return browser.open(`${callback.pathname}?${assertion}`)
}

/** A framework may ask for another spelling of a URL; that is then the page. */
async function askSpelled(
  browser: CatchAllBrowser,
  url: string,
  ask: Ask,
): Promise<{ readonly target: string; readonly answer: TargetAnswer }> {
  let [target, answer] = [url, await ask(browser, url)]
  for (let hops = 0; answer.status === 308 && answer.location !== null && hops < 3; hops++) {
    const next = new URL(answer.location, appOrigin + target)
    if (next.origin !== appOrigin) break
    target = next.pathname + next.search
    answer = await ask(browser, target)
  }
  return { target, answer }
}

/** The `return_url` of a guard's answer; null where it has none, undefined if it is no guard's. */
function signInOffer({ basePath }: CatchAllApp, { status, location, text }: TargetAnswer): string | null | undefined {
  if (status === 303 && location?.startsWith(`${signInPage}?`) === true) {
    const { searchParams } = new URL(location, appOrigin)
    return searchParams.get('code') === 'auth/session_required' ? searchParams.get('return_url') : undefined
  }
  if (status !== 401 || !text.startsWith('{')) return undefined
  const { code, signInUrl = '' } = JSON.parse(text) as { readonly code?: string; readonly signInUrl?: string }
  const { pathname, searchParams } = new URL(signInUrl, appOrigin)
  const isOffer = [signInPage, `${basePath}/example/login`].includes(pathname)
  return code === 'auth/session_required' && isOffer ? searchParams.get('return_url') : undefined
}

/** Whether a location is the page that was asked for, as a browser reads both. */
function whereabouts(
  { home }: CatchAllApp,
  { url, asked, location }: { readonly url: string; readonly asked: string; readonly location: string },
): RoundTrip {
  if (location === asked) return { kind: 'at-the-page', url, spelling: 'as-sent' }
  const read = new URL(location, appOrigin)
  const page = URL.canParse(appOrigin + asked) ? new URL(appOrigin + asked) : null
  if (read.origin === appOrigin && read.pathname === page?.pathname) {
    if (read.search === page.search) return { kind: 'at-the-page', url, spelling: 'of-browsers' }
    if (pairsOf(read) === pairsOf(page)) return { kind: 'at-the-page', url, spelling: 'of-the-framework' }
  }
  return location === home ? { kind: 'at-the-root', url } : { kind: 'lost', url, why: `elsewhere: ${location}` }
}

/** What a query says, whatever its order. Next writes it anew: name by name, without empty pairs and `__proto__`. */
function pairsOf({ searchParams }: URL): string {
  searchParams.sort()
  return JSON.stringify([...searchParams].filter(([name, value]) => name + value !== '' && name !== '__proto__'))
}

function lost(url: string, what: string, { status, location, text }: TargetAnswer): RoundTrip {
  return { kind: 'lost', url, why: `${what}: ${status} ${location ?? text.slice(0, 200)}` }
}
