import type { AuthProvider } from '@latchkey/core/provider'

/** A provider whose vendor signs in whom it is told to, and has a sign-on of its own to end. */
export function acme(vendor: () => string): AuthProvider {
  const issuer = 'https://acme.example'
  return {
    name: 'acme',
    mount: () => ({
      accountIssuers: [issuer],
      signInPath: '/login',
      routes: [
        {
          method: 'GET',
          path: '/login',
          accepts: 'navigation',
          async handle(request, { newState, transactions, returnTarget, origin }) {
            const returnTo = returnTarget(new URL(request.url).searchParams.get('return_url'))
            const state = await newState()
            await transactions<{ returnTo: string }>('login').put(state, { returnTo })
            const query = new URLSearchParams({ state, redirect_uri: `${origin}/auth/acme/callback` })
            return { kind: 'redirect', to: new URL(`${vendor()}/authorize?${query}`) }
          },
        },
        {
          method: 'GET',
          path: '/callback',
          accepts: 'provider-callback',
          async handle(request, { checkState, transactions, returnTarget }) {
            const query = new URL(request.url).searchParams
            const state = await checkState(query.get('state'))
            const transaction = await transactions<{ returnTo: string }>('login').take(state)
            if (transaction === null) return { kind: 'restart', reason: 'missing_login_state' }
            const name = query.get('user') ?? ''
            const tokens = { accessToken: 'example-canary-token', refreshToken: 'example-canary-token' }
            const identity = { issuer, subject: name.toLowerCase(), profile: { name } }
            return { kind: 'signed-in', identity, tokens, returnTo: returnTarget(transaction.returnTo) }
          },
        },
      ],
      signOut: async (_tokens, _identity, { returnTo }) => ({
        url: new URL(`${vendor()}/logout?${new URLSearchParams({ return_to: returnTo.href })}`),
      }),
    }),
  }
}
