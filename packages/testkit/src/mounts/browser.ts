import type { Assertion } from './example-provider.ts'
import { type HttpAnswer, type HttpRequest, sendRequest } from './http-request.ts'

/** The app's own host: a proxy in front of every mount ends TLS. */
export const appHost = 'app.example'

/** Where a browser finds the app. */
export interface BrowserTarget {
  /** Where the mount listens. */
  readonly origin: string
  readonly basePath: string
}

type Headers = Readonly<Record<string, string>>

/** A user's browser without a window: it keeps cookies, and says of each request where it comes from. */
export interface Browser {
  /** The cookies that it holds, by name. */
  readonly cookies: Map<string, string>
  /** The user opens a page: a link, the address bar or a redirect. */
  open(target: string, headers?: Headers): Promise<HttpAnswer>
  /** A page of the app sends a form. */
  submit(target: string, fields?: Readonly<Record<string, string>>, headers?: Headers): Promise<HttpAnswer>
  /** A script of the app fetches. */
  fetch(target: string, request?: Omit<HttpRequest, 'target'>): Promise<HttpAnswer>
  /** Opens the login, as far as the vendor; gives the `state` that the vendor got. */
  begin(provider?: string, query?: string): Promise<string>
  /** The vendor sends the browser back. */
  finish(state: string, assertion: Assertion, provider?: string): Promise<HttpAnswer>
  /** Both. */
  signIn(assertion: Assertion, provider?: string): Promise<HttpAnswer>
}

const byAUser = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' }

/** Opens a browser, with the cookies of another if they are given. */
export function openBrowser({ origin, basePath }: BrowserTarget, cookies: Iterable<[string, string]> = []): Browser {
  const jar = new Map(cookies)
  const send = async (request: HttpRequest): Promise<HttpAnswer> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { host: appHost, ...(cookie !== '' && { cookie }), ...request.headers }
    const first = await sendRequest(origin, { ...request, headers })
    // A framework may ask for another spelling of a path, such as one with a slash at its end.
    const target = first.status === 308 ? first.headers.get('location') : null
    const answer = target === null ? first : await sendRequest(origin, { ...request, headers, target })
    for (const line of answer.headers.getSetCookie()) keep(jar, line)
    return answer
  }
  const browser: Browser = {
    cookies: jar,
    open: (target, headers) => send({ target, headers: { ...byAUser, 'sec-fetch-site': 'none', ...headers } }),
    submit: (target, fields = {}, headers = {}) =>
      send({
        method: 'POST',
        target,
        headers: {
          ...byAUser,
          'sec-fetch-site': 'same-origin',
          origin: `https://${appHost}`,
          'content-type': 'application/x-www-form-urlencoded',
          ...headers,
        },
        body: new URLSearchParams(fields).toString(),
      }),
    fetch: (target, request = {}) =>
      send({
        ...request,
        target,
        headers: {
          accept: '*/*',
          'sec-fetch-dest': 'empty',
          'sec-fetch-mode': 'cors',
          'sec-fetch-site': 'same-origin',
          ...request.headers,
        },
      }),
    async begin(provider = 'example', query = '') {
      const { headers } = await browser.open(`${basePath}/${provider}/login${query}`)
      return new URL(headers.get('location') ?? '').searchParams.get('state') ?? ''
    },
    finish(state, assertion, provider = 'example') {
      const query = new URLSearchParams({ state, assertion: JSON.stringify(assertion) })
      return browser.open(`${basePath}/${provider}/callback?${query}`, { 'sec-fetch-site': 'cross-site' })
    },
    signIn: async (assertion, provider) => browser.finish(await browser.begin(provider), assertion, provider),
  }
  return browser
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';', 1)
  const separator = pair.indexOf('=')
  const name = pair.slice(0, separator)
  if (/; *max-age=0 *(?:;|$)/i.test(line)) jar.delete(name)
  else jar.set(name, pair.slice(separator + 1))
}

/** The names of the cookies that an answer sets or removes, in order. */
export function cookieNames({ headers }: HttpAnswer): readonly string[] {
  return headers.getSetCookie().map((line) => line.slice(0, line.indexOf('=')))
}
