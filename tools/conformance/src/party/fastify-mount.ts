import type { AddressInfo } from 'node:net'
import { latchkey } from '@latchkey/adapter-fastify'
import fastify from 'fastify'
import type { Mount } from './mount.ts'

/** The plugin of adapter-fastify, in an application that has nothing else. */
export const fastifyMount: Mount = {
  name: 'fastify',
  async start(auth) {
    const app = fastify({ forceCloseConnections: true })
    await app.register(latchkey, { auth })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    return { origin: `http://127.0.0.1:${port}`, close: () => app.close() }
  },
}
