import type { launchBrowser } from '@latchkey/tool-test-support'
import type { Asked } from '../arrivals.ts'
import type { RecordingSite } from '../recording-site.ts'

export type Browser = Awaited<ReturnType<typeof launchBrowser>>
export type Page = Awaited<ReturnType<Browser['newPage']>>

/** What a way of opening a page has at hand. */
export interface Opening {
  readonly browser: Browser
  /** A page of a profile of its own that has a Lax cookie of ours. */
  readonly page: Page
  readonly site: RecordingSite
  /** The address that is to be opened, from the root of our origin, and the whole of it. */
  readonly login: string
  readonly target: string
}

/** Opens the address in one way. That its request has arrived is awaited by the caller. */
export type Way = (opening: Opening) => Promise<unknown>

/** A way in which several requests are sent for one address. */
export interface WayOfSeveral {
  readonly open: Way
  /** Which of them is meant. */
  readonly isMeant: (asked: Asked) => boolean
}

/** Ways by what docs/navigations.md calls them. */
export type Ways = Readonly<Record<string, Way | WayOfSeveral>>

/** Whose page something is begun by. */
export type From = 'ours' | 'otherPort' | 'sibling' | 'other'

type Html = (opening: Opening) => string

/** Opens a page that does something by itself. */
export function page(from: From, html: Html, headers: Readonly<Record<string, string>> = {}): Way {
  return (opening) =>
    opening.page.goto(opening.site[from] + opening.site.page(html(opening), headers), { waitUntil: 'commit' })
}

/** Opens a page and clicks what has the id `go`. */
export function click(from: From, html: Html, headers: Readonly<Record<string, string>> = {}): Way {
  return async (opening) => {
    await opening.page.goto(opening.site[from] + opening.site.page(html(opening), headers))
    await opening.page.click('#go')
  }
}

/** A link to the address. */
export const link =
  (attributes = ''): Html =>
  ({ target }) =>
    `<a id="go" href="${target}" ${attributes}>go</a>`

/** A form to the address. */
export const form =
  (method: 'get' | 'post'): Html =>
  ({ target }) =>
    `<form method="${method}" action="${target}"><input name="a" value="1"><button id="go">go</button></form>`

/** A script of a page. */
export const script =
  (code: Html, type = ''): Html =>
  (opening) =>
    `<script ${type}>${code(opening)}</script>`

/** The same way to an address that redirects to the address, over one or more hops: the last is nearest to it. */
export function redirected(way: Way, ...hops: readonly (readonly [status: number, at: From])[]): Way {
  return (opening) => {
    const first = hops
      .toReversed()
      .reduce((to, [status, at]) => opening.site[at] + opening.site.redirect(status, to), opening.target)
    return way({ ...opening, target: first })
  }
}

/** Opens the address in one way, waits until it is there, and goes on in another. What came first is forgotten. */
export function afterOpening(first: Way, second: Way): Way {
  return async (opening) => {
    const { page: tab, site, login } = opening
    await first(opening)
    await site.arrived(login)
    await tab.waitForURL((url) => url.pathname + url.search === login)
    site.forget(login)
    await second(opening)
  }
}
