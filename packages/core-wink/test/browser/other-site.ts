import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A site that is not the app's: on 127.0.0.1, with one page for every path. */
export async function startPage(content: (path: string) => string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html').end(`<!doctype html>${content(request.url ?? '/')}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
