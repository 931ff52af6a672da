import type { Auth } from '@latchkey/core'
import { origin } from './start-nodes.ts'

/** A browser whose requests any node may answer. */
export interface TravellingBrowser {
  readonly cookies: Map<string, string>
  /** Opens a page of the app. */
  open(node: Auth, path: string): Promise<Response>
  /** Posts from a page of the app. */
  post(node: Auth, path: string, body?: object): Promise<Response>
  /** Opens the login; gives the path of the callback that comes of it. */
  begin(node: Auth): Promise<string>
  signIn(node: Auth, subject?: string): Promise<Response>
  /** A request that an app would ask about. */
  request(): Request
  /** Who is signed in, by what a node says; null for nobody. */
  subjectAt(node: Auth, provider?: string): Promise<string | null>
  /** Another browser with copies of all cookies. */
  copy(): TravellingBrowser
}

const navigation = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' }
const ownPage = { 'content-type': 'application/json', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' }

export function openBrowser(cookies: Map<string, string> = new Map()): TravellingBrowser {
  const request = (path: string, { headers, ...init }: RequestInit): Request => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    return new Request(origin + path, { ...init, headers: { ...(headers as object), cookie } })
  }
  const send = async (node: Auth, path: string, init: RequestInit): Promise<Response> => {
    const response = await node.handle(request(path, init))
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split('=', 2)
      if (/max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  const browser: TravellingBrowser = {
    cookies,
    open: (node, path) => send(node, path, { headers: navigation }),
    post: (node, path, body = {}) => send(node, path, { method: 'POST', headers: ownPage, body: JSON.stringify(body) }),
    async begin(node) {
      const { headers } = await browser.open(node, '/auth/acme/login')
      return `/auth/acme/callback?${new URL(headers.get('location') ?? '').searchParams}`
    },
    signIn: async (node, subject = 'ada') => browser.open(node, `${await browser.begin(node)}&subject=${subject}`),
    request: () => request('/api', {}),
    async subjectAt(node, provider = 'acme') {
      const { session } = await node.read(request('/api', {}), { readOnly: true })
      const identities: Readonly<Record<string, { readonly subject: string } | undefined>> = session?.identities ?? {}
      return identities[provider]?.subject ?? null
    },
    copy: () => openBrowser(new Map(cookies)),
  }
  return browser
}
