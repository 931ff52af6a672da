import { type IncomingHttpHeaders, request } from 'node:http'

/** An answer as a visitor sees it. */
export interface Visit {
  readonly url: URL
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** Where a redirect leads; null for any other answer. */
  readonly location: URL | null
  /** The names of the cookies that the answer sets to something. */
  readonly setCookies: readonly string[]
}

/** How a page is asked for. */
export interface VisitOptions {
  readonly method?: string
  /** Makes it a POST from a page of the same origin, as a browser sends it. */
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** Asks as a program does: for JSON, and without the headers by which browsers tell what a request is for. */
  readonly asProgram?: boolean
}

/** A user's browser without a window: over real sockets, with cookies kept by host as browsers do, port or not. */
export interface Visitor {
  /** One request; no redirect is followed. */
  visit(url: string | URL, options?: VisitOptions): Promise<Visit>
  /** Follows redirects from a visit until an answer is none, or leads to where `stop` says. */
  follow(visit: Visit, stop?: (location: URL) => boolean): Promise<Visit>
  /** The cookies that would be sent to a host. */
  cookies(hostname: string): Map<string, string>
}

const mostRedirects = 20

/** Opens a browser that knows nothing yet; `onVisit` is told of every answer. */
export function openVisitor(onVisit?: (visit: Visit) => void): Visitor {
  const jars = new Map<string, Map<string, string>>()
  const cookies = (hostname: string): Map<string, string> => {
    const jar = jars.get(hostname) ?? new Map<string, string>()
    jars.set(hostname, jar)
    return jar
  }

  const visitor: Visitor = {
    cookies,
    async visit(address, options = {}) {
      const url = new URL(address)
      const cookie = [...cookies(url.hostname)].map(([name, value]) => `${name}=${value}`).join('; ')
      const visit = await send(url, {
        ...options,
        headers: { ...(cookie === '' ? {} : { cookie }), ...options.headers },
      })
      for (const line of visit.headers['set-cookie'] ?? []) keep(cookies(url.hostname), line)
      onVisit?.(visit)
      return visit
    },
    async follow(start, stop = () => false) {
      let visit = start
      for (let redirects = 0; visit.location !== null && !stop(visit.location); redirects++) {
        if (redirects === mostRedirects) throw new Error(`More than ${mostRedirects} redirects`)
        visit = await visitor.visit(visit.location)
      }
      return visit
    },
  }
  return visitor
}

function keep(jar: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
  if (/; *max-age=0(;|$)/i.test(line)) jar.delete(name)
  else jar.set(name, value)
}

function send(url: URL, { method, form, headers, asProgram = false }: VisitOptions): Promise<Visit> {
  const body = form === undefined ? undefined : new URLSearchParams(form).toString()
  const asBrowsers = {
    'sec-fetch-dest': 'document',
    'sec-fetch-mode': 'navigate',
    ...(body === undefined ? {} : { 'sec-fetch-site': 'same-origin' }),
  }
  const usual = {
    ...(asProgram ? { accept: 'application/json' } : asBrowsers),
    ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
  }
  return new Promise((resolve, reject) => {
    // Names under localhost are this machine's; Node does not know that of all of them.
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: url.port,
        path: url.pathname + url.search,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { host: url.host, ...usual, ...headers },
      },
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
            setCookies: lines.filter((line) => !/^[^=]+=;/.test(line)).map((line) => line.slice(0, line.indexOf('='))),
          })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
