import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Backstage } from '../backstage/backstage.ts'
import type { FollowedRequest } from '../backstage/followed-request.ts'

/** Follows every request for the timeline. Each answer waits until everything is told. */
export function followRequests(app: FastifyInstance, backstage: Backstage): void {
  const requests = new WeakMap<FastifyRequest, FollowedRequest>()
  app.addHook('preHandler', (request, reply, done) => {
    const followed = backstage.follow({ path: request.url, cookie: request.headers.cookie })
    if (followed.setCookie !== null) reply.header('set-cookie', followed.setCookie)
    requests.set(request, followed)
    void followed.run(done)
  })
  app.addHook('onSend', async (request) => {
    await requests.get(request)?.flush()
  })
}
