// Every name of the adapter, as an app uses it: without a cast, a hand-made request or a conditional spread.
import {
  type AnyReply,
  type AnyRequest,
  authOf,
  bearerOf,
  type GuardHook,
  type GuardOptions,
  getAccessToken,
  getSession,
  type LatchkeyOptions,
  latchkey,
  requireBearer,
  requireSession,
  requireSessionOrBearer,
  type SessionEnd,
  type SessionOrBearerRequirement,
  sessionOf,
  updateSession,
  type WatchOptions,
  watchSession,
} from '@latchkey/adapter-fastify'
import type { Auth, Authenticated, AuthOptions, BearerToken, FrameworkRequest, Identity, Session } from '@latchkey/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fastify from 'fastify'

declare module '@latchkey/core' {
  interface Identities {
    example: Identity<'example'>
  }
  interface SessionData {
    visits?: number
  }
}

declare const auth: Auth
const options: LatchkeyOptions = { auth }
const readOnly: GuardOptions = { readOnly: undefined }
const either: SessionOrBearerRequirement = { session: { provider: 'example' }, bearer: { kind: 'any' } }
const fresh: GuardHook = requireSession({ maxAuthAgeSeconds: 300, where: ({ user }) => user.subject !== '' }, readOnly)

export async function createApp(app: FastifyInstance): Promise<void> {
  await app.register(latchkey, options)
  // @ts-expect-error nothing to mount
  await app.register(latchkey, {})
  // @ts-expect-error an unknown option
  await app.register(latchkey, { auth, cookie: 'app' })

  app.addHook('preHandler', requireSession())
  app.get('/', async (request) => {
    const session = await getSession(request)
    session satisfies Session | null
    return session?.identities.example?.profile.name
  })
  app.get<{ Params: { id: string } }>('/accounts/:id', { onRequest: fresh }, async (request) => {
    sessionOf(request) satisfies Session
    return [request.params.id, sessionOf(request).user.subject]
  })
  app.get('/reports', { preHandler: requireBearer({ scopes: ['reports:read'] }) }, async (request) => {
    bearerOf(request) satisfies BearerToken
    return bearerOf(request).scopes
  })
  app.get('/orders', { preValidation: [requireSessionOrBearer(either)] }, async (request) => {
    const passed: Authenticated = authOf(request)
    return passed.kind === 'session' ? passed.session.user.subject : passed.bearer.clientId
  })
  app.get('/files', { preHandler: [fresh, requireSession({ tenant: 't' })] }, async (request) => {
    const token: string = await getAccessToken(request, 'example')
    return token.length
  })
  app.post('/visits', async (request) => {
    const session = await updateSession(request, { visits: 1 })
    session satisfies Session
    await updateSession(request, { visits: undefined })
    // @ts-expect-error data of another type
    await updateSession(request, { visits: 'one' })
    // @ts-expect-error a provider that is not installed
    await getAccessToken(request, 'foreign')
    return session.data.visits
  })
}

const watching: WatchOptions = { everySeconds: 10, requirement: { maxAuthAgeSeconds: 300 } }

/** The same over HTTP/2. */
export async function createHttp2App(): Promise<void> {
  const app = fastify({ http2: true })
  await app.register(latchkey, options)
  const log = async (request: AnyRequest, reply: AnyReply): Promise<void> => reply.log.info(request.method)
  app.get('/events', { onRequest: log, preHandler: [fresh, requireSession()] }, async (request) => {
    const end: SessionEnd = await watchSession(request, watching)
    return [end.reason, sessionOf(request).user.subject, (await getSession(request))?.id]
  })
}

// @ts-expect-error an option that is undefined would watch less
void watchSession({} as FastifyRequest, { requirement: undefined })
// @ts-expect-error a provider that is not installed
requireSession({ provider: 'foreign' })
// @ts-expect-error an unknown requirement
requireSession({ maxAge: 300 })
// @ts-expect-error a member that is undefined would let everyone pass
requireSession({ tenant: undefined })
// @ts-expect-error an unknown requirement
requireBearer({ scope: 'a' })
// @ts-expect-error only one of the two
requireSessionOrBearer({ session: {} })

/** Callbacks of the app get the request of Fastify, with its own type. */
export const onEvent: AuthOptions['onEvent'] = (_event, { frameworkRequest }) => {
  frameworkRequest satisfies FastifyRequest
  const given: FrameworkRequest = frameworkRequest
  return given.ip
}
