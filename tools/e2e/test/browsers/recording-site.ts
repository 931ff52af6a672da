import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toWebRequest } from '@latchkey/core/adapter/node'
import { createExampleAuth } from '@latchkey/testkit'
import { freePort } from '@latchkey/tool-test-support'
import { type Asked, createArrivals } from './arrivals.ts'
import { workerScripts } from './worker-scripts.ts'

/** Servers of an app, of its neighbours and of another site, which record what a browser sends. */
export interface RecordingSite {
  /** The app's own origin: here are its pages and its login route. */
  readonly ours: string
  /** Another port of the app's host: same-site, another origin. */
  readonly otherPort: string
  /** Another host below the app's domain: same-site, another origin. */
  readonly sibling: string
  /** Another site. */
  readonly other: string
  /** Serves HTML at an address of its own on every origin. */
  page(html: string, headers?: Readonly<Record<string, string>>): string
  /** An address that answers with a redirect. */
  redirect(status: number, location: string, headers?: Readonly<Record<string, string>>): string
  /** An address of the login route that nothing else uses. */
  login(): string
  /** What came to an address of the login route since it was forgotten last, once it is there. */
  arrived(login: string, isMeant?: (asked: Asked) => boolean): Promise<Asked>
  forget(login: string): void
  close(): Promise<unknown>
}

interface Page {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly html: string
}

/** The route of a real auth that a site records the requests for. */
export interface RecordedRoute {
  readonly path: string
  answer(request: Request, body: unknown): Promise<Response>
}

function loginRoute(ours: string): RecordedRoute {
  const { auth } = createExampleAuth({ baseUrl: ours, pages: {} })
  return { path: '/auth/example/login', answer: (request, body) => auth.handle(request, { body }) }
}

/**
 * Starts the site on free ports. Its login route is that of a real auth, whose vendor is imaginary; or what `routeAt` gives in
 * its place for our origin. Node hands it the handshakes of WebSockets like any other request, since nothing here listens
 * for them.
 */
export async function startRecordingSite(
  routeAt: (ours: string) => RecordedRoute = loginRoute,
): Promise<RecordingSite> {
  const pages = new Map<string, Page>()
  const arrivals = createArrivals()
  const port = await freePort()
  // Browsers trust loopback as they trust https: without that they send no `Sec-Fetch-*` and run no service worker.
  const ours = `http://acme.app.localhost:${port}`
  const { path, answer: answerRoute } = routeAt(ours)

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { url = '/', method = 'GET', headers } = incoming
    const script = workerScripts.get(url)
    const page = pages.get(url)
    if (url.startsWith(path) && `http://${headers.host}` === ours) {
      const { request, body } = await toWebRequest(incoming, incoming)
      const response = await answerRoute(request, body)
      arrivals.add(url.replace('&file', ''), { method, headers, response: response.clone() })
      await send(outgoing, url, response)
    } else if (script !== undefined) outgoing.setHeader('content-type', 'text/javascript').end(script)
    else if (page === undefined) outgoing.writeHead(404).end()
    else outgoing.writeHead(page.status, { 'content-type': 'text/html', ...page.headers }).end(page.html)
  }
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    answer(incoming, outgoing).catch(() => outgoing.destroy())
  }
  const servers = [createServer(listener), createServer(listener)]
  const [, otherPort] = await Promise.all(
    servers.map(async (server, index) => {
      await new Promise<void>((resolve) => server.listen(index === 0 ? port : 0, '127.0.0.1', resolve))
      return (server.address() as AddressInfo).port
    }),
  )

  let count = 0
  const add = (page: Page): string => {
    const url = `/page/${count++}`
    pages.set(url, page)
    return url
  }
  return {
    ours,
    otherPort: `http://acme.app.localhost:${otherPort}`,
    sibling: `http://evil.app.localhost:${port}`,
    other: `http://evil.localhost:${port}`,
    page: (html, headers = {}) => add({ status: 200, headers, html: `<!doctype html><title>Page</title>${html}` }),
    redirect: (status, location, headers = {}) => add({ status, headers: { ...headers, location }, html: '' }),
    login: () => `${path}?number=${count++}`,
    arrived: (login, isMeant = () => true) => arrivals.wait(login, isMeant),
    forget: (login) => arrivals.forget(login),
    close: () =>
      Promise.all(
        servers.map((server) => {
          server.closeAllConnections()
          return new Promise((resolve) => server.close(resolve))
        }),
      ),
  }
}

/** Sends a refusal as it is. In place of the redirect to the vendor goes what the address asks for: a page, or a file. */
async function send(outgoing: ServerResponse, url: string, response: Response): Promise<void> {
  if (response.status !== 303) {
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text())
    return
  }
  if (url.endsWith('&file')) outgoing.setHeader('content-disposition', 'attachment; filename="file.html"')
  outgoing.setHeader('content-type', 'text/html').setHeader('cache-control', 'no-store')
  outgoing.end('<!doctype html><title>Login</title>')
}
