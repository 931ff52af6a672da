// Every name of the package, as an app uses it, and what `next build` asks of a route. Compiled, never run.
import {
  type Granted,
  type GuardedHandler,
  type KnownMembers,
  type LatchkeyOptions,
  latchkey,
  type NextLatchkey,
  type NextProxy,
  type Requirement,
  type RequireSessionOptions,
  type RouteParams,
} from '@latchkey/adapter-next'
import type { Auth, Authenticated, BearerToken, FrameworkRequest, Identity, Session } from '@latchkey/core'
import { type NextRequest, NextResponse } from 'next/server.js'
import { expectTypeOf } from 'vitest'

declare module '@latchkey/core' {
  interface Identities {
    acme: Identity<'acme'>
  }
  interface SessionData {
    theme: string
  }
}

declare const auth: Auth

const options: LatchkeyOptions = { basePath: undefined }
const mounted: NextLatchkey = latchkey(auth, options)
const next: NextLatchkey = latchkey(() => {
  throw new Error('built without secrets')
})
// @ts-expect-error an unknown option
latchkey(auth, { base: '/docs' })

expectTypeOf(mounted.handlers.GET).toEqualTypeOf<(request: NextRequest) => Promise<Response>>()
expectTypeOf(mounted.handlers.POST).toEqualTypeOf<(request: NextRequest) => Promise<Response>>()

const own: NextProxy = (request, session) => {
  expectTypeOf(request).toEqualTypeOf<NextRequest>()
  expectTypeOf(session).toEqualTypeOf<Session | null>()
  return NextResponse.next()
}

export async function proxy(request: NextRequest): Promise<NextResponse> {
  return request.nextUrl.pathname === '/' ? next.proxy(request) : next.proxy(request, own)
}

export async function page(): Promise<readonly unknown[]> {
  const where: RequireSessionOptions = { returnTo: undefined }
  const session = await next.requireSession({ provider: 'acme', where: ({ data }) => data.theme === 'dark' }, where)
  expectTypeOf(await next.getSession()).toEqualTypeOf<Session | null>()
  expectTypeOf(await next.getAccessToken('acme')).toEqualTypeOf<string>()
  expectTypeOf(await next.updateSession({ theme: undefined })).toEqualTypeOf<Session>()
  return [await next.requireSession(), session.identities.acme?.profile.name, session.data.theme]
}

export async function mistakes(): Promise<void> {
  // @ts-expect-error a provider that is not installed
  await next.requireSession({ provider: 'other' })
  // @ts-expect-error an unknown requirement
  await next.requireSession({ maxAge: 300 })
  // @ts-expect-error a requirement that is undefined
  await next.requireSession({ tenant: undefined })
  // @ts-expect-error a provider that is not installed
  await next.getAccessToken('other')
  // @ts-expect-error data that the app does not declare
  await next.updateSession({ colour: 'red' })
}

const GET = next.route({ session: { maxAuthAgeSeconds: 300 } }, async (_request, { session }) =>
  Response.json({ is: session.user.subject }),
)
const POST = next.route(
  { bearer: {} },
  async (_request, { bearer, params }: { bearer: BearerToken; params: Promise<{ id: string }> }) =>
    Response.json({ is: bearer.subject, id: (await params).id }),
)
const PUT = next.route({ session: {}, bearer: { kind: 'any' } }, (_request, { auth: { kind }, params }) => {
  expectTypeOf(params).toEqualTypeOf<Promise<RouteParams>>()
  return new Response(kind)
})
/** What `next build` asks of a route (15.5 and 16: `RouteHandlerConfig`). */
type RouteHandler<P> = (
  request: NextRequest,
  context: { params: Promise<P> },
) => Promise<Response | void> | Response | void
GET satisfies RouteHandler<{}>
GET satisfies RouteHandler<{ id: string; path?: string[] }>
POST satisfies RouteHandler<{ id: string }>
PUT satisfies RouteHandler<{}>
// @ts-expect-error the route has another parameter
POST satisfies RouteHandler<{ name: string }>
// @ts-expect-error an unknown requirement does not compile
next.route({ sesion: {} }, async () => new Response())

/** A guard of an app's own, over `route`. */
export function guarded<const R extends Requirement, P extends RouteParams>(
  requirement: R & KnownMembers<R>,
  handler: GuardedHandler<R, P>,
): (request: NextRequest, context: { readonly params: Promise<P> }) => Promise<Response> {
  return next.route<R, P>(requirement, handler)
}

expectTypeOf<Granted<{ session: {} }>>().toEqualTypeOf<{ readonly session: Session }>()
expectTypeOf<Granted<{ bearer: {} }>>().toEqualTypeOf<{ readonly bearer: BearerToken }>()
expectTypeOf<Granted<{ session: {}; bearer: {} }>>().toEqualTypeOf<{ readonly auth: Authenticated }>()
expectTypeOf<FrameworkRequest>().toEqualTypeOf<NextRequest>()
