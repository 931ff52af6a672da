import { type IncomingHttpHeaders, request } from 'node:http'
import { appOrigin } from './provider/registration.ts'

/** An answer as a browser sees it. */
export interface Page {
  readonly url: URL
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** Where a redirect leads; null for any other answer. */
  readonly location: URL | null
  /** The names of the cookies that the answer sets to something. */
  readonly setCookies: readonly string[]
}

/** A user's browser without a window: over real sockets, with cookies by host. */
export interface Browser {
  /** Opens a page, or sends a form of the application's own. No redirect is followed. */
  open(url: URL | string, form?: Readonly<Record<string, string>>): Promise<Page>
  /** Opens a page and follows redirects until the next would leave by `stop`, or an answer is none. */
  follow(url: URL | string, stop: (location: URL) => boolean): Promise<Page>
  /** The Cookie header that the application gets. */
  cookieHeader(): string
  /** Keeps what an answer set outside of this browser. */
  keep(setCookies: readonly string[]): void
}

const mostRedirects = 10

/** Opens a browser. The application is at `appOrigin`, as behind a proxy that ends TLS; `server` is where it listens. */
export function openBrowser(server: string): Browser {
  const jars = new Map<string, Map<string, string>>()
  const header = (host: string): string =>
    [...(jars.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  const keep = (host: string, lines: readonly string[]): void => {
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    for (const line of lines) {
      const { name, value, isExpired } = readSetCookie(line)
      if (isExpired) jar.delete(name)
      else jar.set(name, value)
    }
  }
  const appHost = new URL(appOrigin).host

  const browser: Browser = {
    async open(address, form) {
      const url = new URL(address)
      const target = url.origin === appOrigin ? new URL(server) : new URL(`http://127.0.0.1:${url.port}`)
      const page = await send(url, { target, form, cookie: header(url.host) })
      keep(url.host, page.headers['set-cookie'] ?? [])
      return page
    },
    async follow(address, stop) {
      let page = await browser.open(address)
      for (let redirects = 0; page.location !== null && !stop(page.location); redirects++) {
        if (redirects === mostRedirects) throw new Error(`more than ${mostRedirects} redirects`)
        page = await browser.open(page.location)
      }
      return page
    },
    cookieHeader: () => header(appHost),
    keep: (lines) => keep(appHost, lines),
  }
  return browser
}

function readSetCookie(line: string): { readonly name: string; readonly value: string; readonly isExpired: boolean } {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
  return { name, value, isExpired: value === '' || /; *max-age=0(;|$)/i.test(line) }
}

interface Sending {
  readonly target: URL
  readonly cookie: string
  readonly form: Readonly<Record<string, string>> | undefined
}

function send(url: URL, { target, cookie, form }: Sending): Promise<Page> {
  const body = form && new URLSearchParams(form).toString()
  const headers = {
    host: url.host,
    accept: 'text/html',
    'sec-fetch-dest': 'document',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-site': body === undefined ? 'none' : 'same-origin',
    ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded', origin: url.origin }),
    ...(cookie !== '' && { cookie }),
  }
  const { hostname: host, port } = target
  const method = body === undefined ? 'GET' : 'POST'
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host, port, path: url.pathname + url.search, method, headers, agent: false },
      (incoming) => {
        let text = ''
        incoming.setEncoding('utf8')
        incoming.on('data', (chunk: string) => {
          text += chunk
        })
        incoming.on('error', reject)
        incoming.on('end', () => {
          const { location, 'set-cookie': lines = [] } = incoming.headers
          resolve({
            url,
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            location: location === undefined ? null : new URL(location, url),
            setCookies: lines
              .map(readSetCookie)
              .filter(({ isExpired }) => !isExpired)
              .map(({ name }) => name),
          })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
