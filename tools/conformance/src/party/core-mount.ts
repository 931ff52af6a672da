import { text } from 'node:stream/consumers'
import { listen } from '../loopback-server.ts'
import { appOrigin } from '../provider/registration.ts'
import type { Mount } from './mount.ts'

/** The bare handler of core, behind as little of a server as there can be. */
export const coreMount: Mount = {
  name: 'core',
  async start(auth) {
    const server = await listen(
      async (incoming, outgoing) => {
        const { method = 'GET', url = '/' } = incoming
        const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
        const body = method === 'GET' ? null : await text(incoming)
        const response = await auth.handle(new Request(appOrigin + url, { method, headers, body }))
        const lines = response.headers.getSetCookie()
        outgoing.writeHead(response.status, {
          ...Object.fromEntries(response.headers),
          ...(lines.length > 0 && { 'set-cookie': lines }),
        })
        outgoing.end(await response.text())
      },
      (error) => process.emitWarning(String(error)),
    )
    return { origin: `http://127.0.0.1:${server.port}`, close: server.close }
  },
}
