// Mistakes in a provider of somebody else's. A right one is in stories.test-d.ts.
import { type Auth, createAuth, type Store } from '@latchkey/core'
import type { AuthProvider, Identity } from '@latchkey/core/provider'

declare module '@latchkey/core' {
  interface Identities {
    example: Identity<'example'>
  }
}

declare const example: AuthProvider<'example'>

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
