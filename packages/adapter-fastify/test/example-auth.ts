import {
  type Auth,
  AuthError,
  type AuthOptions,
  type AuthProvider,
  createAuth,
  createVault,
  type Identity,
} from '@latchkey/core'

declare module '@latchkey/core' {
  interface Identities {
    example: Identity<'example'>
  }
}

export const canary = 'example-canary'
export const halfIdleSeconds = 1800

/** An access token of Ada's; any other of the same issuer is forged. */
export const exampleToken: string = `e30.${btoa('{"iss":"https://vendor.example"}').replaceAll('=', '')}.signed`

/** An auth with a provider of its own, and the time that it goes by. */
export interface ExampleAuth {
  readonly auth: Auth
  /** Moves the time on. */
  pass(seconds: number): void
  /** The framework's own request, as the provider's routes saw it. */
  readonly natives: unknown[]
}

/** Whoever comes to `/auth/example/callback` is signed in as Ada; the session fills as many cookies as are asked for. */
export function createExampleAuth(options: Partial<AuthOptions> & { readonly cookies?: 1 | 2 } = {}): ExampleAuth {
  const { cookies = 1, ...authOptions } = options
  const natives: unknown[] = []
  let now = 1_800_000_000
  const example: AuthProvider<'example'> = {
    name: 'example',
    mount: () => ({
      signInPath: '/login',
      bearer: {
        issuers: ['https://vendor.example'],
        async verify(token) {
          if (token !== exampleToken) throw new AuthError('example/forged', { status: 401, hint: 'An example.' })
          const proven = { kind: 'user', scopes: [], expiresAt: now + 60, claims: {} } as const
          return { provider: 'example', issuer: 'https://vendor.example', subject: 'ada', ...proven }
        },
      },
      routes: [
        {
          method: 'GET',
          path: '/login',
          accepts: 'navigation',
          async handle(_request, { newState, transactions }) {
            const state = await newState()
            await transactions<Record<string, never>>('login').put(state, {})
            return { kind: 'redirect', to: new URL(`https://vendor.example/login?state=${state}`) }
          },
        },
        {
          method: 'GET',
          path: '/callback',
          accepts: 'provider-callback',
          async handle(request, { frameworkRequest, returnTarget }) {
            natives.push(frameworkRequest)
            if (new URL(request.url).searchParams.has('broken')) throw new TypeError(canary)
            const profile = { name: `Ada ${'x'.repeat(cookies === 1 ? 0 : 4000)}` }
            return {
              kind: 'signed-in',
              identity: {
                issuer: 'https://vendor.example',
                subject: 'ada',
                authenticatedAt: now,
                authTimeSource: 'auth_time',
                profile,
              },
              returnTo: returnTarget(null),
            }
          },
        },
        {
          method: 'POST',
          path: '/fields',
          accepts: 'same-origin',
          handle: async (_request, { fields }) => ({ kind: 'json', body: Object.fromEntries(await fields()) }),
        },
      ],
    }),
  }
  const auth = createAuth({
    baseUrl: 'http://localhost:3001',
    secret: 'an-example-secret-of-at-least-32-bytes',
    providers: [example],
    clock: () => now,
    ...authOptions,
  })
  return {
    auth,
    natives,
    pass(seconds) {
      now += seconds
    },
  }
}
