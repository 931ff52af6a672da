// The same session in each framework, without a cast; and the routes that `next build` checks.
import * as onExpress from '@latchkey/adapter-express'
import * as onFastify from '@latchkey/adapter-fastify'
import {
  AccessToken,
  CurrentAuth,
  CurrentIdentity,
  CurrentSession,
  CurrentUser,
  LatchkeyModule,
  RequireBearer,
  RequireSession,
  RequireSessionOrBearer,
} from '@latchkey/adapter-nest'
import { latchkey } from '@latchkey/adapter-next'
import type { AnyIdentity, Auth, Authenticated, BearerToken, Session } from '@latchkey/core'
import type { WinkIdentity } from '@latchkey/core-wink'
import type { WristbandIdentity } from '@latchkey/core-wristband'
import { createTestSession } from '@latchkey/testkit'
import { Controller, Get } from '@nestjs/common'
import type { Express } from 'express'
import type { FastifyInstance } from 'fastify'
import type { NextRequest } from 'next/server.js'
import { expectTypeOf } from 'vitest'

declare const auth: Auth

export async function fastifyApp(app: FastifyInstance): Promise<void> {
  const { authOf, bearerOf, getAccessToken, getSession, requireBearer, requireSession } = onFastify
  const { requireSessionOrBearer, sessionOf, updateSession } = onFastify
  await app.register(onFastify.latchkey, { auth })
  // @ts-expect-error nothing to mount
  await app.register(onFastify.latchkey, {})
  // @ts-expect-error an unknown option
  await app.register(onFastify.latchkey, { auth, cookie: 'app' })
  app.get('/session', { preHandler: requireSession({ provider: 'wink' }) }, async (request) => {
    expectTypeOf(sessionOf(request)).toEqualTypeOf<Session>()
    expectTypeOf(await getAccessToken(request, 'wristband')).toEqualTypeOf<string>()
    await updateSession(request, {})
    return sessionOf(request).identities.wristband?.profile.roles?.map(({ name }) => name)
  })
  app.get<{ Params: { id: string } }>('/open/:id', { onRequest: requireSession() }, async (request) => {
    expectTypeOf(await getSession(request)).toEqualTypeOf<Session | null>()
    return request.params.id
  })
  app.get('/bearer', { preHandler: requireBearer({ scopes: ['a'] }) }, async (request) => {
    expectTypeOf(bearerOf(request)).toEqualTypeOf<BearerToken>()
  })
  app.get('/either', { preHandler: requireSessionOrBearer({ session: {}, bearer: {} }) }, async (request) => {
    expectTypeOf(authOf(request)).toEqualTypeOf<Authenticated>()
  })
  // @ts-expect-error a provider that is not installed
  requireSession({ provider: 'acme' })
  // @ts-expect-error an unknown requirement
  requireSession({ maxAge: 300 })
  // @ts-expect-error an unknown requirement
  requireBearer({ scope: 'a' })
  // @ts-expect-error only one of the two
  requireSessionOrBearer({ session: {} })
}

export function expressApp(app: Express): void {
  const { authOf, bearerOf, getAccessToken, getSession, requireBearer, requireSession } = onExpress
  const { requireSessionOrBearer, sessionOf, updateSession } = onExpress
  app.use(onExpress.latchkey({ auth }))
  // @ts-expect-error nothing to mount
  app.use(onExpress.latchkey({}))
  // @ts-expect-error an unknown option
  app.use(onExpress.latchkey({ auth, cookie: 'app' }))
  app.get('/session/:id', requireSession({ provider: 'wink' }), async (request, response) => {
    expectTypeOf(sessionOf(request)).toEqualTypeOf<Session>()
    expectTypeOf(await getSession(request)).toEqualTypeOf<Session | null>()
    expectTypeOf(await getAccessToken(request, 'wristband')).toEqualTypeOf<string>()
    await updateSession(request, {})
    response.json([request.params.id, sessionOf(request).identities.wristband?.profile.roles?.map(({ name }) => name)])
  })
  app.get('/bearer', requireBearer({ scopes: ['a'] }), (request) => {
    expectTypeOf(bearerOf(request)).toEqualTypeOf<BearerToken>()
  })
  app.get('/either', requireSessionOrBearer({ session: {}, bearer: {} }), (request) => {
    expectTypeOf(authOf(request)).toEqualTypeOf<Authenticated>()
  })
  // @ts-expect-error a provider that is not installed
  requireSession({ provider: 'acme' })
  // @ts-expect-error an unknown requirement
  requireSession({ maxAge: 300 })
  // @ts-expect-error an unknown requirement
  requireBearer({ scope: 'a' })
  // @ts-expect-error only one of the two
  requireSessionOrBearer({ session: {} })
}

@Controller()
export class NestController {
  @Get()
  @RequireSession({ provider: 'wink', maxAuthAgeSeconds: 300 })
  session(
    @CurrentSession() session: Session,
    @CurrentIdentity('wink') face: WinkIdentity,
    @CurrentUser() user: AnyIdentity,
    @AccessToken('wristband') token: string,
  ) {
    return [session.identities.wristband?.tenant?.id, face.profile.tag, user.subject, token]
  }

  @Get()
  @RequireSessionOrBearer({ session: {}, bearer: {} })
  either(@CurrentAuth() authenticated: Authenticated) {
    return authenticated.kind
  }
}

export function nestApp(): void {
  LatchkeyModule.forRoot({ auth })
  LatchkeyModule.forRootAsync({ useFactory: async () => ({ auth }) })
  // @ts-expect-error nothing to mount
  LatchkeyModule.forRoot({})
  // @ts-expect-error an unknown option
  LatchkeyModule.forRoot({ auth, global: true })
  // @ts-expect-error a factory of something else
  LatchkeyModule.forRootAsync({ useFactory: () => ({ session: null }) })
  // @ts-expect-error a provider that is not installed
  RequireSession({ provider: 'acme' })
  // @ts-expect-error an unknown requirement
  RequireBearer({ scope: 'a' })
  // @ts-expect-error only one of the two
  RequireSessionOrBearer({ bearer: {} })
  // @ts-expect-error a provider that is not installed
  CurrentIdentity('acme')
}

export async function nextApp(): Promise<void> {
  const { getSession, requireSession, route } = latchkey(() => auth)
  expectTypeOf(await getSession()).toEqualTypeOf<Session | null>()
  expectTypeOf(await requireSession({ provider: 'wink' }, { returnTo: '/here' })).toEqualTypeOf<Session>()
  route({ session: {} }, (_request, { session }) => {
    expectTypeOf(session).toEqualTypeOf<Session>()
    return Response.json(session.identities.wristband?.profile)
  })
  route({ bearer: { kind: 'machine' } }, (_request, { bearer }) => {
    expectTypeOf(bearer).toEqualTypeOf<BearerToken>()
    return Response.json(bearer.scopes)
  })
  route({ session: {}, bearer: {} }, (_request, { auth: authenticated }) => {
    expectTypeOf(authenticated).toEqualTypeOf<Authenticated>()
    return Response.json(authenticated.kind)
  })
  // @ts-expect-error an unknown requirement
  route({ sesion: {} }, () => new Response())
  // @ts-expect-error a requirement that requires nothing
  route({}, () => new Response())
  // @ts-expect-error a provider that is not installed
  route({ session: { provider: 'acme' } }, () => new Response())
  // @ts-expect-error a provider that is not installed
  await requireSession({ provider: 'acme' })
  // @ts-expect-error an unknown option
  await requireSession({}, { return_to: '/here' })
}

const next = latchkey(() => {
  throw new Error('built without secrets')
})
export const GET = next.route({ session: { maxAuthAgeSeconds: 300 } }, async (_request, { session }) =>
  Response.json({ is: session.user.subject }),
)
export const POST = next.route(
  { bearer: {} },
  async (_request, { bearer, params }: { bearer: BearerToken; params: Promise<{ id: string }> }) =>
    Response.json({ is: bearer.subject, id: (await params).id }),
)
/** What `next build` asks of a route (15.5 and 16: `RouteHandlerConfig`). */
type RouteHandler<P> = (
  request: NextRequest,
  context: { params: Promise<P> },
) => Promise<Response | void> | Response | void
GET satisfies RouteHandler<{}>
POST satisfies RouteHandler<{ id: string }>

export async function inTests(): Promise<WristbandIdentity | undefined> {
  await createTestSession(auth, {
    wristband: { subject: 'ada', profile: { roles: [{ id: 'r', name: 'teacher' }] } },
  })
  // @ts-expect-error a provider that is not installed
  await createTestSession(auth, { acme: { subject: 'ada' } })
  // @ts-expect-error nobody
  await createTestSession(auth, { wristband: {} })
  return undefined
}
