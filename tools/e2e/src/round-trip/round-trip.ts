import { protectedMarker } from '@latchkey/testkit'
import { appOrigin, type CatchAllApp, type CatchAllBrowser } from './catch-all-app.ts'
import type { TargetAnswer } from './keep-alive-client.ts'

/** What became of one URL. */
export type RoundTrip =
  /** No guard saw it: the framework answered by itself, or it is a route of the auth. */
  | { readonly kind: 'not-routed'; readonly url: string; readonly status: number }
  | { readonly kind: 'at-the-page'; readonly url: string; readonly isByteForByte: boolean }
  | { readonly kind: 'at-the-root'; readonly url: string }
  /** Not signed in, or elsewhere. */
  | { readonly kind: 'lost'; readonly url: string; readonly why: string }

/** Opens a page without a session, signs in from where its guard points, and goes where the callback leads. */
export async function signInFrom(app: CatchAllApp, url: string): Promise<RoundTrip> {
  const browser = app.openBrowser()
  const { target: asked, answer } = await openSpelled(browser, url)
  const returnUrl = signInOffer(app, answer)
  if (returnUrl === undefined) return { kind: 'not-routed', url, status: answer.status }
  const signedIn = await signIn(app, browser, returnUrl)
  if (signedIn.status !== 303 || signedIn.location === null) return lost(url, 'no sign-in', signedIn)
  return arrive(browser, { url, asked, location: signedIn.location })
}

/** Signs in, then out with a URL to return to, and goes where the sign-out leads; the session must be over. */
export async function signOutTo(app: CatchAllApp, url: string): Promise<RoundTrip> {
  const browser = app.openBrowser()
  await signIn(app, browser, '/')
  const old = browser.cookies()
  const first = await browser.submit(`${app.basePath}/logout`, { return_url: encodeBytes(url) })
  if (first.status !== 303 || first.location?.startsWith('https://example.example/logout?') !== true) {
    return lost(url, 'no sign-out', first)
  }
  for (const cookies of [old, browser.cookies()]) {
    const after = await app.openBrowser(cookies).open(`${app.basePath}/session`)
    if (!after.text.includes('"signedIn":false')) return lost(url, `still signed in`, after)
  }
  const last = await browser.open(`${app.basePath}/logout/next`)
  if (last.status !== 303 || last.location === null) return lost(url, 'no return', last)
  return whereabouts({ url, asked: url, location: last.location })
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
async function openSpelled(browser: CatchAllBrowser, url: string): Promise<{ target: string; answer: TargetAnswer }> {
  let [target, answer] = [url, await browser.open(url)]
  for (let hops = 0; answer.status === 308 && answer.location !== null && hops < 3; hops++) {
    const next = new URL(answer.location, appOrigin + target)
    if (next.origin !== appOrigin) break
    target = next.pathname + next.search
    answer = await browser.open(target)
  }
  return { target, answer }
}

/** The `return_url` of a guard's answer; null where it has none, undefined if it is no guard's. */
function signInOffer({ basePath }: CatchAllApp, { status, location, text }: TargetAnswer): string | null | undefined {
  if (status === 303 && location?.startsWith('/sign-in?') === true) {
    const { searchParams } = new URL(location, appOrigin)
    return searchParams.get('code') === 'auth/session_required' ? searchParams.get('return_url') : undefined
  }
  if (status !== 401 || !text.startsWith('{')) return undefined
  const { code, signInUrl = '' } = JSON.parse(text) as { readonly code?: string; readonly signInUrl?: string }
  if (code !== 'auth/session_required' || !signInUrl.startsWith(`${basePath}/example/login`)) return undefined
  return new URL(signInUrl, appOrigin).searchParams.get('return_url')
}

interface Arrival {
  readonly url: string
  /** The URL whose guard answered. */
  readonly asked: string
  readonly location: string
}

async function arrive(browser: CatchAllBrowser, arrival: Arrival): Promise<RoundTrip> {
  const place = whereabouts(arrival)
  if (place.kind === 'lost') return place
  const { pathname, search } = new URL(arrival.location, appOrigin)
  const { answer } = await openSpelled(browser, pathname + search)
  return answer.status === 200 && answer.text.includes(protectedMarker)
    ? place
    : lost(arrival.url, 'not let in', answer)
}

/** Whether a location is the page, as a browser reads both. */
function whereabouts({ url, asked, location }: Arrival): RoundTrip {
  if (location === asked) return { kind: 'at-the-page', url, isByteForByte: true }
  const read = new URL(location, appOrigin)
  const page = URL.canParse(appOrigin + encodeBytes(asked)) ? new URL(appOrigin + encodeBytes(asked)) : null
  if (read.origin === appOrigin && read.pathname === page?.pathname && samePairs(read, page)) {
    return { kind: 'at-the-page', url, isByteForByte: false }
  }
  return location === '/' ? { kind: 'at-the-root', url } : { kind: 'lost', url, why: `elsewhere: ${location}` }
}

/** Whether two queries say the same. Next writes them anew: by name, without empty pairs and without two names of its own. */
function samePairs(one: URL, other: URL): boolean {
  const [first, second] = [one, other].map(({ searchParams }) => {
    searchParams.sort()
    return JSON.stringify(
      [...searchParams].filter(([name, value]) => name + value !== '' && !['_rsc', '__proto__'].includes(name)),
    )
  })
  return first === second
}

/** Bytes of a request line that are no ASCII mean what their escapes mean. */
function encodeBytes(target: string): string {
  return target.replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
}

function lost(url: string, what: string, { status, location, text }: TargetAnswer): RoundTrip {
  return { kind: 'lost', url, why: `${what}: ${status} ${location ?? text.slice(0, 200)}` }
}
