import type { AuthProvider, Identity, MountedProvider } from '@latchkey/core/provider'

declare module '@latchkey/core' {
  interface Identities {
    acme: Identity<'acme'>
  }
}

/** What of the example provider a test sets. */
export interface ExampleProviderOptions {
  /** Refreshes the tokens of sessions that a test began. */
  readonly refresh?: MountedProvider<'acme'>['refresh']
}

/** A vendor that believes what its callback says: `?state=…&subject=ada`. The name is `User ada` then. */
export function exampleProvider({ refresh }: ExampleProviderOptions = {}): AuthProvider<'acme'> {
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
          async handle(request, { newState, transactions, returnTarget }) {
            const returnTo = returnTarget(new URL(request.url).searchParams.get('return_url') ?? '/home')
            const state = await newState()
            await transactions<{ returnTo: string }>('login').put(state, { returnTo })
            return { kind: 'redirect', to: new URL(`${issuer}/login?state=${state}`) }
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
            const subject = query.get('subject') ?? ''
            const identity = { issuer, subject, profile: { name: `User ${subject}` } }
            return { kind: 'signed-in', identity, returnTo: returnTarget(transaction.returnTo) }
          },
        },
      ],
      ...(refresh && { refresh }),
    }),
  }
}
