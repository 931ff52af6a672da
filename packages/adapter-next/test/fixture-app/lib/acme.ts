import type { AuthProvider, Identity } from '@latchkey/core'

declare module '@latchkey/core' {
  interface Identities {
    acme: Identity<'acme'>
  }
}

/** Names that no page, bundle or answer may show. */
export const canary = 'example-canary-token'

/** A small provider of a third party. Its vendor says at the callback whether the tokens are due at once. */
export function acme(vendorUrl: string): AuthProvider<'acme'> {
  let renewals = 0
  return {
    name: 'acme',
    mount: ({ clock }) => ({
      signInPath: '/login',
      routes: [
        {
          method: 'GET',
          path: '/login',
          from: 'navigation',
          async handle(request, context) {
            const state = await context.newState()
            const returnTo = context.returnTarget(new URL(request.url).searchParams.get('return_url'))
            await context.transactions<{ returnTo: string }>('login').put(state, { returnTo })
            return { kind: 'leave', to: new URL(`/authorize?${new URLSearchParams({ state })}`, vendorUrl) }
          },
        },
        {
          method: 'GET',
          path: '/callback',
          from: 'vendor',
          async handle(request, context) {
            const query = new URL(request.url).searchParams
            const state = await context.checkState(query.get('state'))
            const transaction = await context.transactions<{ returnTo: string }>('login').take(state)
            if (transaction === null) return { kind: 'restart', reason: 'missing_login_state' }
            // A session of several cookies, if it is asked for.
            const padding = 'x'.repeat(query.has('large') ? 4000 : 0)
            return {
              kind: 'signed-in',
              identity: {
                issuer: vendorUrl,
                subject: query.get('subject') ?? 'ada',
                authenticatedAt: clock(),
                evidence: 'auth_time',
                profile: { name: 'Ada' },
              },
              credentials: {
                accessToken: `${canary}${padding}`,
                refreshToken: `${canary}-${crypto.randomUUID()}`,
                expiresAt: clock() + 3600,
                renewAt: query.has('due') ? clock() - 1 : clock() + 1800,
              },
              returnTo: context.returnTarget(transaction.returnTo),
            }
          },
        },
      ],
      async renew(credentials) {
        renewals++
        const expiresAt = clock() + 3600
        return {
          kind: 'renewed',
          credentials: {
            ...credentials,
            refreshToken: `${canary}-${crypto.randomUUID()}`,
            expiresAt,
            renewAt: clock() + 1800,
          },
          profile: { name: `Ada, renewed ${renewals}` },
        }
      },
      bearer: {
        issuers: [vendorUrl],
        verify: async () => ({
          provider: 'acme',
          issuer: vendorUrl,
          subject: 'ada',
          kind: 'user',
          scopes: [],
          expiresAt: clock() + 60,
          claims: {},
        }),
      },
    }),
  }
}
