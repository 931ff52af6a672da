import type { AuthProvider } from '@latchkey/core/provider'

/** A vendor that believes what its callback says: `?state=…&subject=ada`. */
export function exampleVendor(): AuthProvider<'acme'> {
  return {
    name: 'acme',
    mount: () => ({
      signInPath: '/login',
      routes: [
        {
          method: 'GET',
          path: '/login',
          accepts: 'navigation',
          async handle(_request, { newState, transactions }) {
            const state = await newState()
            await transactions<Record<string, never>>('login').put(state, {})
            return { kind: 'redirect', to: new URL(`https://acme.example/login?state=${state}`) }
          },
        },
        {
          method: 'GET',
          path: '/callback',
          accepts: 'provider-callback',
          async handle(request, { checkState, transactions, returnTarget }) {
            const query = new URL(request.url).searchParams
            const transaction = await transactions('login').take(await checkState(query.get('state')))
            if (transaction === null) return { kind: 'restart', reason: 'missing_login_state' }
            const subject = query.get('subject') ?? ''
            const identity = { issuer: 'https://acme.example', subject, profile: { name: `User ${subject}` } }
            return { kind: 'signed-in', identity, returnTo: returnTarget('/home') }
          },
        },
      ],
    }),
  }
}
