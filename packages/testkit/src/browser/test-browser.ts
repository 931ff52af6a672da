import { type CookieJar, createCookieJar } from './cookie-jar.ts'
import { sendOverSocket, type WireAnswer, type WireRequest } from './sockets.ts'

/** Options of {@link createTestBrowser}. */
export interface TestBrowserOptions {
  /** The app's origin, which addresses such as `/account` are of. */
  readonly origin: string
  /**
   * Answers a request in place of a server, such as `auth.handle`; null where it is to go over a socket. Default: real
   * sockets of this machine.
   */
  readonly answer?: ((request: Request) => Promise<Response | null>) | undefined
  /**
   * Where origins listen that are not reached at their own address, as behind a proxy that ends TLS:
   * `{ 'https://app.example': 'http://127.0.0.1:49152' }`. Loopback addresses need none.
   */
  readonly servers?: Readonly<Record<string, string>> | undefined
  /** The time by which cookies expire, in whole seconds. Default: the computer's. */
  readonly clock?: (() => number) | undefined
}

/** More of a request than its address says. */
export interface TestRequest {
  /** `GET` by default. */
  readonly method?: string | undefined
  /** Put over those that a browser would send. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** None by default. */
  readonly body?: string | undefined
  /** The page that begins it, if not the usual one: decides `Sec-Fetch-Site`, and `Origin` where a browser sends it. */
  readonly from?: string | URL | undefined
  /** Called with each chunk of an answer that comes over a socket, as it arrives. */
  readonly onChunk?: ((text: string) => void) | undefined
  /** Breaks off a request over a socket. */
  readonly signal?: AbortSignal | undefined
}

/** An answer, read to its end. */
export interface TestAnswer {
  /** What was asked for. */
  readonly url: URL
  /** The status. */
  readonly status: number
  /** The headers. */
  readonly headers: Headers
  /** The whole body. */
  readonly text: string
  /** Where a redirect leads; null for any other answer. */
  readonly location: URL | null
  /** The body as JSON; throws for anything else. */
  json(): unknown
}

/** A user's browser without a window. It keeps cookies, and says of each request where it comes from. */
export interface TestBrowser {
  /** What it keeps. */
  readonly cookies: CookieJar
  /** The user opens a page: in the address bar, or by a link of the page `from`. No redirect is followed. */
  open(address: string | URL, request?: TestRequest): Promise<TestAnswer>
  /** A page sends a form by POST: one of the same origin, or `from`. */
  submit(address: string | URL, fields?: Readonly<Record<string, string>>, request?: TestRequest): Promise<TestAnswer>
  /** A script of a page fetches: of one of the same origin, or of `from`. */
  fetch(address: string | URL, request?: TestRequest): Promise<TestAnswer>
  /**
   * Follows the redirects of an answer until an answer is none, or the next would lead to where `until` says.
   *
   * @throws Error after 20 redirects
   */
  follow(answer: TestAnswer, until?: (location: URL) => boolean): Promise<TestAnswer>
  /** A request with this browser's cookies, to ask an auth about: `auth.getSession(browser.request('/api'))`. */
  request(address?: string | URL, request?: TestRequest): Request
  /** Another browser with copies of all cookies, where none expires: a thief's. */
  copy(): TestBrowser
}

const mostRedirects = 20

const byNavigation = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-user': '?1',
  'upgrade-insecure-requests': '1',
}

const byScript = { accept: '*/*', 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }

/**
 * Opens a browser for tests: over a function that answers a `Request`, or over real sockets. It sends the headers by which
 * Chromium says what a request is for, and nothing follows a redirect unless asked.
 *
 * @example
 * const browser = createTestBrowser({ origin: 'https://app.example', answer: auth.handle })
 * const login = await browser.open('/auth/acme/login')
 */
export function createTestBrowser(options: TestBrowserOptions): TestBrowser {
  const { origin, clock = () => Math.floor(Date.now() / 1000) } = options
  const resolve = (address: string | URL): URL => new URL(address, origin)
  return browserWith(options, resolve, createCookieJar(resolve, clock))
}

function browserWith(
  options: TestBrowserOptions,
  resolve: (address: string | URL) => URL,
  jar: CookieJar,
): TestBrowser {
  /** `Sec-Fetch-Site` of the navigation that led to an answer: the same for all redirects of it, or worse. */
  const sites = new WeakMap<TestAnswer, string>()

  const send = async (url: URL, given: HeaderMap, { method = 'GET', body, onChunk, signal }: TestRequest) => {
    const headers = withCookies(jar, url, given)
    const wire = await exchange(options, { method, url, headers, body, onChunk, signal })
    jar.keep(wire.headers.getSetCookie(), url)
    const answer = answerFrom(url, wire)
    sites.set(answer, headers['sec-fetch-site'] ?? 'none')
    return answer
  }

  const browser: TestBrowser = {
    cookies: jar,
    open(address, request = {}) {
      const url = resolve(address)
      const site = request.from === undefined ? 'none' : siteOf(resolve(request.from), url)
      return send(url, { ...byNavigation, 'sec-fetch-site': site, ...request.headers }, request)
    },
    submit(address, fields = {}, request = {}) {
      const url = resolve(address)
      const from = resolve(request.from ?? url)
      const own = {
        ...byNavigation,
        'sec-fetch-site': siteOf(from, url),
        origin: from.origin,
        'content-type': 'application/x-www-form-urlencoded',
      }
      const { method = 'POST', body = new URLSearchParams(fields).toString() } = request
      return send(url, { ...own, ...request.headers }, { ...request, method, body })
    },
    fetch(address, request = {}) {
      const url = resolve(address)
      const from = resolve(request.from ?? url)
      const site = siteOf(from, url)
      const isPlain = site === 'same-origin' && ['GET', 'HEAD'].includes(request.method ?? 'GET')
      const own = { ...byScript, 'sec-fetch-site': site, ...(isPlain ? {} : { origin: from.origin }) }
      return send(url, { ...own, ...request.headers }, request)
    },
    async follow(start, until = () => false) {
      let answer = start
      for (let redirects = 0; answer.location !== null && !until(answer.location); redirects++) {
        if (redirects === mostRedirects) throw new Error(`more than ${mostRedirects} redirects`)
        const site = worseSite(sites.get(answer) ?? 'none', siteOf(answer.url, answer.location))
        answer = await send(answer.location, { ...byNavigation, 'sec-fetch-site': site }, {})
      }
      return answer
    },
    request(address = '/', { method = 'GET', headers = {}, body = null } = {}) {
      const url = resolve(address)
      return new Request(url, { method, headers: withCookies(jar, url, headers), body })
    },
    copy: () => browserWith(options, resolve, jar.copy()),
  }
  return browser
}

type HeaderMap = Readonly<Record<string, string>>

async function exchange({ answer, servers = {} }: TestBrowserOptions, wire: WireRequest): Promise<WireAnswer> {
  const { url, method, headers, body = null } = wire
  const response = (await answer?.(new Request(url, { method, headers, body }))) ?? null
  if (response === null) return sendOverSocket(wire, servers[url.origin])
  return { status: response.status, headers: response.headers, text: await response.text() }
}

function withCookies(jar: CookieJar, url: URL, headers: HeaderMap): HeaderMap {
  const cookie = jar.header(url)
  return { ...(cookie !== '' && { cookie }), ...headers }
}

function answerFrom(url: URL, { status, headers, text }: WireAnswer): TestAnswer {
  const location = status >= 300 && status < 400 ? headers.get('location') : null
  return {
    url,
    status,
    headers,
    text,
    location: location === null ? null : new URL(location, url),
    json: () => JSON.parse(text) as unknown,
  }
}

/** What a browser calls the way from a page to an address. */
function siteOf(from: URL, to: URL): string {
  if (from.origin === to.origin) return 'same-origin'
  return from.protocol === to.protocol && registrable(from) === registrable(to) ? 'same-site' : 'cross-site'
}

const severities = ['same-origin', 'same-site', 'cross-site']

/** A redirect never makes a request look closer; one that the user began stays the user's. */
function worseSite(site: string, next: string): string {
  if (site === 'none') return site
  return severities[Math.max(severities.indexOf(site), severities.indexOf(next))] ?? 'cross-site'
}

/** The site of a host: its last two labels stand for the list of public suffixes; an address is its own. */
function registrable({ hostname }: URL): string {
  const labels = hostname.split('.')
  const isAddress = /^[\d.]+$|^\[/.test(hostname)
  return isAddress ? hostname : labels.slice(labels.at(-1) === 'localhost' ? -1 : -2).join('.')
}
