import type { AddressInfo } from 'node:net'
import { type Mount, protectedMarker } from '@latchkey/testkit'
import fastify from 'fastify'

/**
 * What must leak: a middleware that compares paths by itself, in front of a router that takes more paths for the same.
 * Half of this year's advisories are such a pair.
 */
export const pathMatchingMount: Mount = {
  name: 'a middleware that matches paths',
  async start({ routes }) {
    const lenient = {
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      caseSensitive: false,
      useSemicolonDelimiter: true,
    }
    const app = fastify({ forceCloseConnections: true, routerOptions: lenient })
    const isProtected = (path: string | undefined): boolean =>
      routes.some((route) => route.path === path && !['nothing', 'reading'].includes(route.guard.kind))
    app.addHook('onRequest', async (request, reply) => {
      if (isProtected(request.url.split('?', 1)[0])) return reply.code(401).send()
      return undefined
    })
    for (const { methods, path, guard } of routes) {
      const answer = ['nothing', 'reading'].includes(guard.kind) ? 'public' : protectedMarker
      app.route({ method: [...methods], url: path, handler: async () => answer })
    }
    await app.listen({ host: '127.0.0.1', port: 0 })
    return { origin: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, close: () => app.close() }
  },
}
