import { AuthError, type AuthProvider, type JsonObject, type Tokens } from '@latchkey/core/provider'

/** What the imaginary vendor says of a user at the callback. */
export interface Assertion {
  /** Who signs in. */
  readonly subject: string
  /** Fills the session until it needs two cookies. */
  readonly isLarge?: boolean | undefined
  /** Makes the tokens due for refresh at once. */
  readonly isDue?: boolean | undefined
}

/** What no answer, log or session may show. */
export const canary = 'example-canary'

/** A small provider: it believes what its vendor's redirect says. Its tokens are refreshed whenever they are due. */
export function exampleProvider(name: string, onCallback: (frameworkRequest: unknown) => void): AuthProvider {
  const issuer = `https://${name}.example`
  return {
    name,
    mount: ({ clock, basePath }) => {
      const tokens = (refreshInSeconds: number): Tokens => ({
        accessToken: canary,
        refreshToken: `${canary}-${crypto.randomUUID()}`,
        expiresAt: clock() + 36_000,
        refreshAt: clock() + refreshInSeconds,
      })
      return {
        accountIssuers: [issuer],
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
              const redirectUri = `${context.origin}${basePath}/${name}/callback`
              const query = new URLSearchParams({ state, redirect_uri: redirectUri })
              return { kind: 'redirect', to: new URL(`${issuer}/authorize?${query}`) }
            },
          },
          {
            method: 'GET',
            path: '/callback',
            accepts: 'provider-callback',
            async handle(request, context) {
              onCallback(context.frameworkRequest)
              const query = new URL(request.url).searchParams
              const state = await context.checkState(query.get('state'))
              const transaction = await context.transactions<{ returnTo: string }>('login').take(state)
              const returnTo = context.returnTarget(transaction?.returnTo)
              if (transaction === null) return { kind: 'restart', reason: 'missing_login_state', returnTo }
              if (query.has('throw')) throw new TypeError(canary)
              const { subject, isLarge, isDue } = JSON.parse(query.get('assertion') ?? '{}') as Assertion
              const padding = isLarge ? 'x'.repeat(4000) : ''
              return {
                kind: 'signed-in',
                identity: {
                  issuer,
                  subject,
                  authenticatedAt: clock(),
                  authTimeSource: 'auth_time',
                  profile: { name: `first name${padding}` },
                },
                tokens: tokens(isDue ? 0 : 18_000),
                returnTo,
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
        refresh: async () => ({ kind: 'refreshed', tokens: tokens(18_000), profile: { name: 'refreshed name' } }),
        signOut: async (_tokens, _identity, { returnTo }) => ({
          url: new URL(`${issuer}/logout?${new URLSearchParams({ return_to: returnTo.href })}`),
        }),
        bearer: {
          issuers: [issuer],
          async verify(token) {
            const [, payload = '', signature] = token.split('.')
            if (signature !== goodSignature) {
              throw new AuthError('example/forged', { status: 401, hint: 'The signature of this example is a word.' })
            }
            const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as JsonObject & {
              sub: string
              scope: string
            }
            return {
              provider: name,
              issuer,
              subject: claims.sub,
              kind: 'user',
              scopes: claims.scope.split(' '),
              expiresAt: clock() + 60,
              claims,
            }
          },
        },
      }
    },
  }
}

/** What stands for a good signature; any other is a forgery. Both must be base64url as an encoder would write it. */
const goodSignature = 'approved'

/** An access token of a user; any other `signature`, such as `imitated`, makes a bad one. */
export function exampleToken(
  subject: string,
  { scope = 'example:read', signature = goodSignature }: { readonly scope?: string; readonly signature?: string } = {},
): string {
  const payload = btoa(JSON.stringify({ iss: 'https://example.example', sub: subject, scope }))
    .replaceAll('=', '')
    .replaceAll('+', '-')
    .replaceAll('/', '_')
  return `e30.${payload}.${signature}`
}
