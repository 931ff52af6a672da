import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The system that users sign in to: it asks for one click. */
export interface Vendor {
  readonly url: string
  /** How many logins came to it. */
  logins(): number
  close(): void
}

/** Starts a vendor that sends everyone back to `callbackOf()`. */
export async function startVendor(callbackOf: () => string): Promise<Vendor> {
  let logins = 0
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/orders') return response.end(`orders for ${request.headers.authorization?.length} characters`)
    if (pathname !== '/authorize') return response.writeHead(404).end()
    logins++
    const callback = `${callbackOf()}?${new URLSearchParams({ state: searchParams.get('state') ?? '' })}`
    return response
      .setHeader('content-type', 'text/html')
      .end(`<title>Vendor</title><a href="${callback.replaceAll('&', '&amp;')}">It is me</a>`)
  }).listen(0, 'localhost')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    logins: () => logins,
    close: () => server.close(),
  }
}
