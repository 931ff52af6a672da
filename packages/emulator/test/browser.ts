import { type IncomingHttpHeaders, request } from 'node:http'

/** An answer as the browser of these tests sees it. */
export interface Visit {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly location: string
}

export interface VisitOptions {
  readonly form?: Record<string, string>
  readonly headers?: Record<string, string>
}

/** Follows no redirect, resolves every name to this machine, and keeps cookies by host as browsers do: port or not. */
export interface Browser {
  visit(url: string, options?: VisitOptions): Promise<Visit>
  cookies(host: string): readonly string[]
}

export function openBrowser(): Browser {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (host: string): Map<string, string> => {
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    return jar
  }
  return {
    cookies: (host) => [...jarOf(host).keys()],
    async visit(address, { form, headers = {} } = {}) {
      const url = new URL(address)
      const jar = jarOf(url.hostname)
      const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
      const visit = await send(url, {
        body: form ? new URLSearchParams(form).toString() : null,
        headers: {
          ...(cookie && { cookie }),
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
      })
      for (const line of visit.headers['set-cookie'] ?? []) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (line.includes('Max-Age=0')) jar.delete(name)
        else jar.set(name, value)
      }
      return visit
    },
  }
}

/** The value of a page's hidden field. */
export function hiddenField(page: string, name: string): string {
  const [, value = ''] = new RegExp(`name="${name}" value="([^"]*)"`).exec(page) ?? []
  return value
}

function send(url: URL, { body, headers }: { body: string | null; headers: Record<string, string> }): Promise<Visit> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: url.port,
        path: url.pathname + url.search,
        method: body === null ? 'GET' : 'POST',
        headers: { host: url.host, ...headers },
      },
      (incoming) => {
        let text = ''
        incoming.setEncoding('utf8')
        incoming.on('data', (chunk: string) => {
          text += chunk
        })
        incoming.on('error', reject)
        incoming.on('end', () => {
          const { location = '' } = incoming.headers
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            location: location === '' ? '' : new URL(location, url).href,
          })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
