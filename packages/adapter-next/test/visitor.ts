import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** An answer as it came. */
export interface Visit {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The names of the cookies that it sets or removes. */
  readonly cookieNames: readonly string[]
}

/** How something is asked for. */
export interface VisitOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A user's browser without a window, on one origin. */
export interface Visitor {
  readonly cookies: Map<string, string>
  /** One request as it is said: the path is not normalised, no redirect is followed, no header added but Cookie. */
  send(path: string, options?: VisitOptions): Promise<Visit>
  /** Opens a page. */
  open(path: string, headers?: Readonly<Record<string, string>>): Promise<Visit>
  /** Submits a form of our own page. */
  submit(path: string, fields: Readonly<Record<string, string>>): Promise<Visit>
  /** Signs in; `query` goes to the callback. */
  signIn(query?: string): Promise<Visit>
}

/** Opens a browser that knows nothing yet. */
export function openVisitor(port: number): Visitor {
  const cookies = new Map<string, string>()
  const opening = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', accept: 'text/html' }

  const send: Visitor['send'] = async (path, { method = 'GET', headers = {}, body } = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const sent = { ...(cookie === '' ? {} : { cookie }), ...headers }
    const outgoing = request({ host: 'localhost', port, path, method, headers: sent }).end(body)
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
    const lines = answer.headers['set-cookie'] ?? []
    const visit: Visit = {
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      text: await text(answer),
      cookieNames: lines.map((line) => line.split('=', 1)[0] ?? ''),
    }
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/; *max-age=0(;|$)/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return visit
  }

  const open: Visitor['open'] = (path, headers) => send(path, { headers: { ...opening, ...headers } })
  return {
    cookies,
    send,
    open,
    submit: (path, fields) =>
      send(path, {
        method: 'POST',
        headers: { ...opening, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
        body: String(new URLSearchParams(fields)),
      }),
    async signIn(query = '') {
      const begun = await open('/auth/acme/login?return_url=%2Faccount')
      const state = new URL(begun.headers.location ?? '').searchParams.get('state') ?? ''
      return open(`/auth/acme/callback?${new URLSearchParams({ state })}${query}`)
    },
  }
}
