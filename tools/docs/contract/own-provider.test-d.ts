// A provider, a store and an adapter of somebody else's.
import { type Auth, AuthError, createAuth, type RequestLike, type Session, type Store } from '@latchkey/core'
import type { AuthProvider, Identity } from '@latchkey/core/provider'

declare module '@latchkey/core' {
  interface Identities {
    example: Identity<'example'>
  }
}

interface ExampleTransaction extends Record<string, string> {
  returnTo: string
}

/** A vendor that comes back with a signed assertion in the query. */
export const example: AuthProvider<'example'> = {
  name: 'example',
  mount: ({ origins, basePath }) => ({
    accountIssuers: ['https://vendor.example'],
    signInPath: '/login',
    routes: [
      {
        method: 'GET',
        path: '/login',
        accepts: 'navigation',
        async handle(request, context) {
          const returnTo = context.returnTarget(new URL(request.url).searchParams.get('return_url'))
          const state = await context.newState()
          await context.transactions<ExampleTransaction>('login').put(state, { returnTo })
          const back = `${origins.primary}${basePath}/example/callback`
          return { kind: 'redirect', to: new URL(`https://vendor.example/?${new URLSearchParams({ state, back })}`) }
        },
      },
      {
        method: 'GET',
        path: '/callback',
        accepts: 'provider-callback',
        async handle(request, context) {
          const query = new URL(request.url).searchParams
          const state = await context.checkState(query.get('state'))
          const transaction = await context.transactions<ExampleTransaction>('login').take(state)
          if (transaction === null) return { kind: 'restart', reason: 'missing_login_state' }
          const subject = query.get('subject')
          if (subject === null)
            throw new AuthError('example/no_subject', { status: 400, hint: 'Ask the vendor for it.' })
          return {
            kind: 'signed-in',
            identity: { issuer: 'https://vendor.example', subject, profile: {} },
            returnTo: context.returnTarget(transaction.returnTo),
          }
        },
      },
    ],
  }),
}

export const wrong: AuthProvider<'wrong'> = {
  name: 'wrong',
  mount: () => ({
    accountIssuers: [],
    routes: [
      {
        method: 'GET',
        path: '/a',
        accepts: 'any',
        // @ts-expect-error a return target that nothing has validated
        handle: async () => ({ kind: 'signed-in', identity: {} as Identity<'wrong'>, returnTo: '/anywhere' }),
      },
      {
        method: 'GET',
        path: '/b',
        accepts: 'any',
        // @ts-expect-error a user without a subject
        handle: async (_request, context) => ({
          kind: 'signed-in',
          identity: { issuer: 'i', profile: {} },
          returnTo: context.returnTarget('/'),
        }),
      },
      // @ts-expect-error state changes by POST, never by another method
      { method: 'PUT', path: '/c', accepts: 'same-origin', handle: async () => new Response() },
      // @ts-expect-error a path below the provider's own
      { method: 'GET', path: 'd', accepts: 'any', handle: async () => new Response() },
    ],
  }),
}

/** Middleware of a framework that has web requests. */
export const middleware =
  (auth: Auth) =>
  async (request: Request, next: (session: Session) => Promise<Response>): Promise<Response> => {
    try {
      const { session, headers } = await auth.requireSession(request)
      const response = await next(session)
      for (const [name, value] of headers) response.headers.append(name, value)
      return response
    } catch (error) {
      return auth.errorResponse(error, request)
    }
  }

/** A framework that has none. */
export function requestLikeOf(raw: {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}): RequestLike {
  return {
    method: raw.method,
    url: raw.url,
    headers: { get: (name) => raw.headers[name.toLowerCase()]?.toString() ?? null },
  }
}

export const authOf = (database: Store): Auth =>
  createAuth({
    baseUrl: 'https://app.example',
    secret: 'an-example-secret-of-32-bytes-or-more',
    store: database,
    providers: [
      example,
      // @ts-expect-error a provider whose name is not in `Identities`
      wrong,
    ],
  })
