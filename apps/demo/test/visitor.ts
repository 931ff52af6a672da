import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { type CookieJar, createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'

/** An answer as a visitor sees it. */
export type Visit = TestAnswer

/** How a page is asked for. */
export interface VisitOptions {
  readonly method?: string
  /** Makes it a POST from a page of the same origin, as a browser sends it. */
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** The page with the link that is followed. Default: the address is typed. */
  readonly from?: string | undefined
  /** Asks as a program does: for JSON, and without the headers by which browsers tell what a request is for. */
  readonly asProgram?: boolean
}

/** The test browser of a user, who can also ask as a program does, with the same cookies. */
export interface Visitor {
  readonly cookies: CookieJar
  /** One request; no redirect is followed. */
  visit(address: string | URL, options?: VisitOptions): Promise<Visit>
  /** Follows redirects from a visit until an answer is none, or leads to where `stop` says. */
  follow(visit: Visit, stop?: (location: URL) => boolean): Promise<Visit>
  /** A thief with copies of all cookies. */
  copy(): Visitor
}

const maxRedirects = 20

/** Opens the browser of a user of an app; `onVisit` is called with every answer. */
export function openVisitor({ url }: { readonly url: string }, onVisit: (visit: Visit) => void = () => {}): Visitor {
  return visitorWith(createTestBrowser({ origin: url }), onVisit)
}

function visitorWith(browser: TestBrowser, onVisit: (visit: Visit) => void): Visitor {
  const { cookies } = browser
  const shown = (visit: Visit): Visit => {
    onVisit(visit)
    return visit
  }
  return {
    cookies,
    copy: () => visitorWith(browser.copy(), onVisit),
    async visit(address, { method, form, headers = {}, from, asProgram = false } = {}) {
      if (asProgram) return shown(await askAsProgram(new URL(address), cookies, headers))
      if (form !== undefined) return shown(await browser.submit(address, form, { headers }))
      return shown(await browser.open(address, { method, headers, from }))
    },
    async follow(start, stop = () => false) {
      let visit = start
      for (let redirects = 0; visit.location !== null && !stop(visit.location); redirects++) {
        if (redirects === maxRedirects) throw new Error(`More than ${maxRedirects} redirects`)
        // One redirect at a time: each is shown.
        let steps = 0
        visit = shown(await browser.follow(visit, () => steps++ > 0))
      }
      return visit
    },
  }
}

/** The names of the cookies that an answer sets to something. */
export function setCookiesOf({ headers }: Visit): readonly string[] {
  const lines = headers.getSetCookie().filter((line) => !/^[^=]+=;/.test(line))
  return lines.map((line) => line.slice(0, line.indexOf('=')))
}

/** Over Node's own client: its `fetch` says that it is one, by `Sec-Fetch-Mode`. */
async function askAsProgram(
  url: URL,
  cookies: CookieJar,
  headers: Readonly<Record<string, string>>,
): Promise<TestAnswer> {
  const sent = request(url, { headers: { accept: 'application/json', cookie: cookies.header(url), ...headers } }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const { statusCode = 0, headersDistinct } = response
  const received = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  const answer = new Headers(received)
  cookies.keep(answer.getSetCookie(), url)
  const body = await text(response)
  const location = answer.get('location')
  return {
    url,
    status: statusCode,
    headers: answer,
    text: body,
    location: location === null ? null : new URL(location, url),
    json: () => JSON.parse(body) as unknown,
  }
}
