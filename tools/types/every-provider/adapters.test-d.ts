// The same session in each framework, without a cast.
import * as onFastify from '@latchkey/adapter-fastify'
import {
  CurrentIdentity,
  CurrentSession,
  LatchkeyModule,
  RequireBearer,
  RequireEither,
  RequireSession,
} from '@latchkey/adapter-nest'
import { latchkey } from '@latchkey/adapter-next'
import type { Auth, BearerToken, AuthenticatedBearer, Grant, Session, AuthenticatedSession } from '@latchkey/core'
import type { WinkIdentity } from '@latchkey/core-wink'
import { testSession } from '@latchkey/testkit'
import { Controller, Get } from '@nestjs/common'
import type { FastifyInstance } from 'fastify'
import { expectTypeOf } from 'vitest'

declare const auth: Auth

export async function fastifyApp(app: FastifyInstance): Promise<void> {
  const { getBearer, authOf, getSession, latchkey, readSession, requireBearer, requireSessionOrBearer, requireSession } =
    onFastify
  await app.register(latchkey, { auth })
  // @ts-expect-error nothing to mount
  await app.register(latchkey, {})
  // @ts-expect-error an unknown option
  await app.register(latchkey, { auth, cookie: 'app' })
  app.get('/session', { preHandler: requireSession({ provider: 'wink' }) }, async (request) => {
    expectTypeOf(getSession(request)).toEqualTypeOf<Session>()
    return getSession(request).identities.wristband?.profile.roles?.map(({ name }) => name)
  })
  app.get<{ Params: { id: string } }>('/open/:id', { onRequest: requireSession() }, async (request) => {
    expectTypeOf(await readSession(request)).toEqualTypeOf<Session | null>()
    return request.params.id
  })
  app.get('/bearer', { preHandler: requireBearer({ scopes: ['a'] }) }, async (request) => {
    expectTypeOf(getBearer(request)).toEqualTypeOf<BearerToken>()
  })
  app.get('/either', { preHandler: requireSessionOrBearer({ session: {}, bearer: {} }) }, async (request) => {
    expectTypeOf(authOf(request)).toEqualTypeOf<Grant>()
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
  session(@CurrentSession() session: Session, @CurrentIdentity('wink') user: WinkIdentity) {
    return [session.identities.wristband?.tenant?.id, user.profile.tag]
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
  RequireEither({ bearer: {} })
  // @ts-expect-error a provider that is not installed
  CurrentIdentity('acme')
}

export async function nextApp(): Promise<void> {
  const { getSession, requireSession, route } = latchkey(() => auth)
  expectTypeOf(await getSession()).toEqualTypeOf<Session | null>()
  expectTypeOf(await requireSession({ provider: 'wink' }, { returnTo: '/here' })).toEqualTypeOf<Session>()
  route({ session: {} }, (_request, { grant }) => {
    expectTypeOf(grant).toEqualTypeOf<AuthenticatedSession>()
    return Response.json(grant.session.identities.wristband?.profile)
  })
  route({ bearer: { kind: 'machine' } }, (_request, { grant }) => {
    expectTypeOf(grant).toEqualTypeOf<AuthenticatedBearer>()
    return Response.json(grant.bearer.scopes)
  })
  route({ session: {}, bearer: {} }, (_request, { grant }) => {
    expectTypeOf(grant).toEqualTypeOf<Grant>()
    return Response.json(grant.kind)
  })
  const withParams = route(
    { session: {} },
    async (_request, { grant, params }: { readonly grant: AuthenticatedSession; readonly params: Promise<{ id: string }> }) =>
      Response.json([grant.session.id, (await params).id]),
  )
  expectTypeOf(withParams)
    .parameter(1)
    .toEqualTypeOf<Omit<{ readonly grant: AuthenticatedSession; readonly params: Promise<{ id: string }> }, 'grant'>>()
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

export async function inTests(): Promise<void> {
  await testSession(auth, { wristband: { subject: 'ada', profile: { roles: [{ id: 'r', name: 'teacher' }] } } })
  // @ts-expect-error a provider that is not installed
  await testSession(auth, { acme: { subject: 'ada' } })
  // @ts-expect-error nobody
  await testSession(auth, { wristband: {} })
}
