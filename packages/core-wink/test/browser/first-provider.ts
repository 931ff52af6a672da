import type { Identity } from '@latchkey/core'
import type { AuthProvider } from '@latchkey/core/provider'

declare module '@latchkey/core' {
  interface Identities {
    first: Identity<'first'>
  }
}

/** A provider that is not Wink, and believes everyone: `/auth/first/login?user=ada`. */
export const firstProvider: AuthProvider<'first'> = {
  name: 'first',
  mount: () => ({
    accountIssuers: ['https://first.example'],
    signInPath: '/login',
    routes: [
      {
        method: 'GET',
        path: '/login',
        accepts: 'navigation',
        handle: async (request, context) => ({
          kind: 'signed-in',
          identity: {
            issuer: 'https://first.example',
            subject: new URL(request.url).searchParams.get('user') ?? 'nobody',
            profile: {},
          },
          returnTo: context.returnTarget('/'),
        }),
      },
    ],
  }),
}
