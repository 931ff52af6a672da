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
  let refreshes = 0
  return {
    name: 'acme',
    mount: ({ clock }) => ({
      accountIssuers: [vendorUrl],
      signInPath: '/login',
      routes: [
        {
          method: 'GET',
          path: '/login',
          accepts: 'navigation',
          async handle(request, context) {
            const state = await context.newState()
            const returnTo = context.returnTarget(new URL(request.url).searchParams.get('return_url'))
            await context.transactions<{ returnTo: string }>('login').put(state, { returnTo })
            return { kind: 'redirect', to: new URL(`/authorize?${new URLSearchParams({ state })}`, vendorUrl) }
          },
        },
        {
          method: 'GET',
          path: '/callback',
          accepts: 'provider-callback',
          async handle(request, context) {
            const query = new URL(request.url).searchParams
            const state = await context.checkState(query.get('state'))
            const transaction = await context.transactions<{ returnTo: string }>('login').take(state)
            if (transaction === null) return { kind: 'restart', reason: 'missing_login_state' }
            // A session of several cookies, if it is asked for.
            const padding = 'x'.repeat(query.has('large') ? 3900 : 0)
            return {
              kind: 'signed-in',
              identity: {
                issuer: vendorUrl,
                subject: query.get('subject') ?? 'ada',
                authenticatedAt: clock(),
                authTimeSource: 'auth_time',
                profile: { name: 'Ada' },
              },
              tokens: {
                accessToken: `${canary}${padding}`,
                refreshToken: `${canary}-${crypto.randomUUID()}`,
                expiresAt: clock() + 3600,
                refreshAt: query.has('due') ? clock() - 1 : clock() + 1800,
              },
              returnTo: context.returnTarget(transaction.returnTo),
            }
          },
        },
      ],
      async refresh(tokens) {
        refreshes++
        const expiresAt = clock() + 3600
        return {
          kind: 'refreshed',
          tokens: {
            accessToken: `${tokens.accessToken}-${refreshes}`,
            refreshToken: `${canary}-${crypto.randomUUID()}`,
            expiresAt,
            refreshAt: clock() + 1800,
          },
          profile: { name: `Ada, refreshed ${refreshes}` },
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
