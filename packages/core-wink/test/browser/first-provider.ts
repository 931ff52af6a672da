import type { AuthProvider } from '@latchkey/core/provider'

/** A provider that is not Wink, and believes everyone: `/auth/first/login?user=ada`. */
export const firstProvider: AuthProvider<'first'> = {
  name: 'first',
  mount: () => ({
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
