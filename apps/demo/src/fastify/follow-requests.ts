import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Backstage } from '../backstage/backstage.ts'
import type { FollowedRequest } from '../backstage/followed-request.ts'

/** Follows every request for the timeline. */
export function followRequests(app: FastifyInstance, backstage: Backstage): void {
  const followed = new WeakMap<FastifyRequest, FollowedRequest>()
  app.addHook('preHandler', (request, _reply, done) => {
    const following = backstage.follow({ path: request.url, cookie: request.headers.cookie })
    followed.set(request, following)
    following.run(done)
  })
  app.addHook('onSend', async (request, reply) => {
    const cookie = await followed.get(request)?.finish(reply.getHeader('location')?.toString())
    if (cookie) reply.header('set-cookie', cookie)
  })
}
