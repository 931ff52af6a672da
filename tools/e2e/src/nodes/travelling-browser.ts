import type { Auth } from '@latchkey/core'
import { createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'
import { origin } from './start-nodes.ts'

/** A browser whose requests any node may answer. */
export interface TravellingBrowser {
  /** Opens a page of the app. */
  open(node: Auth, path: string): Promise<TestAnswer>
  /** Posts from a page of the app. */
  post(node: Auth, path: string, body?: object): Promise<TestAnswer>
  /** Opens the login; gives the path of the callback that comes of it. */
  begin(node: Auth): Promise<string>
  signIn(node: Auth, subject?: string): Promise<TestAnswer>
  /** A request that an app would ask about. */
  request(): Request
  /** Who is signed in, by what a node says; null for nobody. */
  subjectAt(node: Auth, provider?: string): Promise<string | null>
  /** Another browser with copies of all cookies. */
  copy(): TravellingBrowser
}

/** Opens a browser. */
export function openBrowser(): TravellingBrowser {
  const target: Target = { node: null }
  const answer = async (request: Request): Promise<Response | null> => target.node?.handle(request) ?? null
  return travel(createTestBrowser({ origin, answer }), target)
}

/** The node that answers next: a browser asks as soon as it is told to. */
interface Target {
  node: Auth | null
}

function travel(visitor: TestBrowser, target: Target): TravellingBrowser {
  const at = (node: Auth): TestBrowser => {
    target.node = node
    return visitor
  }
  const browser: TravellingBrowser = {
    open: (node, path) => at(node).open(path),
    post: (node, path, body = {}) =>
      at(node).fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    async begin(node) {
      const { location } = await at(node).open('/auth/acme/login', { from: '/' })
      return `/auth/acme/callback?${location?.searchParams}`
    },
    signIn: async (node, subject = 'ada') => browser.open(node, `${await browser.begin(node)}&subject=${subject}`),
    request: () => visitor.request('/api'),
    async subjectAt(node, provider = 'acme') {
      const { session } = await node.getSession(visitor.request('/api'), { readOnly: true })
      const identities: Readonly<Record<string, { readonly subject: string } | undefined>> = session?.identities ?? {}
      return identities[provider]?.subject ?? null
    },
    copy: () => travel(visitor.copy(), target),
  }
  return browser
}
