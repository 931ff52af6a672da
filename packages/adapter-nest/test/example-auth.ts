import { randomUUID } from 'node:crypto'
import {
  type Auth,
  AuthError,
  type AuthOptions,
  type AuthProvider,
  createAuth,
  type FrameworkRequest,
  type Identity,
  type Tokens,
} from '@latchkey/core'

declare module '@latchkey/core' {
  interface Identities {
    example: Identity<'example'>
  }
  interface SessionData {
    visits: number
    theme: string
  }
}

export const canary = 'example-canary'
export const halfIdleSeconds = 1800

interface Token {
  readonly sub: string
  readonly scopes: readonly string[]
}

/** An auth with a provider of its own, and the time that it goes by. */
export interface ExampleAuth {
  readonly auth: Auth
  /** Moves the time on. */
  pass(seconds: number): void
  /** The framework's own request, as the provider's routes saw it. */
  readonly frameworkRequests: FrameworkRequest[]
  /** How often the vendor refreshed tokens. */
  refreshes(): number
}

/** What the example is made with. */
export interface ExampleOptions extends Partial<AuthOptions> {
  /** How many cookies the session fills. Default 1. */
  readonly cookies?: 1 | 2 | undefined
  /** For how long an access token is good; it is due for a refresh a minute before. Default: it has no end. */
  readonly tokenSeconds?: number | undefined
  /** Whether a sign-in gives tokens. Default true. */
  readonly withTokens?: boolean | undefined
  /** Whether the vendor refuses to refresh tokens for now. */
  isVendorDown?(): boolean
}

/** A user who comes to the callback is signed in as Ada, with an access token. */
export function createExampleAuth(options: ExampleOptions = {}): ExampleAuth {
  const { cookies = 1, tokenSeconds, withTokens = true, isVendorDown = () => false, ...authOptions } = options
  const frameworkRequests: FrameworkRequest[] = []
  let refreshes = 0
  let now = 1_800_000_000
  // What has been refreshed is remembered in the process: each example has tokens of its own.
  const family = randomUUID()
  const tokens = (round: number): Tokens => ({
    accessToken: `access-${round}`,
    ...(tokenSeconds !== undefined && {
      refreshToken: `${family}-${round}`,
      refreshAt: now + tokenSeconds - 60,
      expiresAt: now + tokenSeconds,
    }),
  })
  const issuer = 'https://vendor.example'
  const example: AuthProvider<'example'> = {
    name: 'example',
    mount: () => ({
      accountIssuers: [issuer],
      signInPath: '/login',
      async refresh() {
        if (isVendorDown()) return { kind: 'failed', code: 'example/down' }
        refreshes += 1
        return { kind: 'refreshed', tokens: tokens(refreshes) }
      },
      bearer: {
        issuers: [issuer],
        async verify(token) {
          const [, payload = '', signature] = token.split('.')
          if (signature !== 'good') throw new AuthError('example/forged', { status: 401, hint: 'Not signed by us.' })
          const { sub, scopes } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Token
          return { provider: 'example', issuer, subject: sub, kind: 'user', scopes, expiresAt: now + 60, claims: {} }
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
            return { kind: 'redirect', to: new URL(`${issuer}/login?state=${state}`) }
          },
        },
        {
          method: 'GET',
          path: '/callback',
          accepts: 'provider-callback',
          async handle(request, { frameworkRequest, returnTarget }) {
            frameworkRequests.push(frameworkRequest)
            if (new URL(request.url).searchParams.has('broken')) throw new TypeError(canary)
            return {
              kind: 'signed-in',
              identity: {
                issuer,
                subject: 'ada',
                authenticatedAt: now,
                authTimeSource: 'auth_time',
                profile: { name: `Ada ${'x'.repeat(cookies === 1 ? 0 : 4000)}` },
              },
              tokens: withTokens ? tokens(0) : undefined,
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
    baseUrl: 'http://localhost:3002',
    secret: 'an-example-secret-of-at-least-32-bytes',
    providers: [example],
    clock: () => now,
    ...authOptions,
  })
  return {
    auth,
    frameworkRequests,
    refreshes: () => refreshes,
    pass(seconds) {
      now += seconds
    },
  }
}

/** A token of the example vendor. */
export function bearerToken(scopes: readonly string[] = [], signature = 'good'): string {
  const payload = Buffer.from(JSON.stringify({ iss: 'https://vendor.example', sub: 'ada', scopes })).toString(
    'base64url',
  )
  return `e30.${payload}.${signature}`
}
