import type { TestAnswer, TestBrowser } from '@latchkey/testkit'
import { createSigningKey, type SigningKey } from './signing-key.ts'

export const issuer = 'https://login.example'
export const clientId = 'the-client'

/** A request as it came. */
export interface Seen {
  readonly url: URL
  readonly authorization: string | null
  readonly form: URLSearchParams
}

/** A provider behind a `fetch`, which says whatever a test wants. */
export interface FakeProvider {
  readonly fetch: typeof fetch
  readonly requests: readonly Seen[]
  /** The discovery document; its members may be changed. */
  readonly document: Record<string, unknown>
  readonly key: SigningKey
  /** Answers that differ from the honest one, by path. */
  readonly answers: Map<string, (seen: Seen) => Response>
  /** Put over the claims of the next ID tokens. */
  claims: Readonly<Record<string, unknown>>
  /** How far its clock is ahead of the computer's. */
  offset: number
  now(): number
  /** Claims of a token of now. */
  claimsOf(changes?: Readonly<Record<string, unknown>>): Record<string, unknown>
  /** Signs a user in, from the login route to the answer of the callback. */
  signIn(browser: TestBrowser, login?: string): Promise<TestAnswer>
  requestsTo(path: string): readonly Seen[]
}

export async function createFakeProvider(): Promise<FakeProvider> {
  const key = await createSigningKey()
  const requests: Seen[] = []
  let nonce: string | null = null
  const fake: FakeProvider = {
    requests,
    key,
    answers: new Map(),
    claims: {},
    offset: 0,
    document: {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/userinfo`,
      id_token_signing_alg_values_supported: ['RS256'],
    },
    now: () => Math.floor(Date.now() / 1000) + fake.offset,
    claimsOf: (changes = {}) => {
      const now = fake.now()
      return { iss: issuer, sub: 'ada', aud: clientId, iat: now, exp: now + 300, ...changes }
    },
    async fetch(input, init) {
      const url = new URL(String(input))
      const authorization = new Headers(init?.headers).get('authorization')
      const seen = { url, authorization, form: new URLSearchParams(String(init?.body ?? '')) }
      requests.push(seen)
      return fake.answers.get(url.pathname)?.(seen) ?? honest(url)
    },
    async signIn(browser, login = '/auth/google/login') {
      const { location } = await browser.open(login, { from: login })
      const query = location?.searchParams ?? new URLSearchParams()
      nonce = query.get('nonce')
      const callback = new URL(query.get('redirect_uri') ?? 'about:nowhere')
      callback.search = String(new URLSearchParams({ code: 'a-code', state: query.get('state') ?? '', iss: issuer }))
      return browser.open(callback)
    },
    requestsTo: (path) => requests.filter(({ url }) => url.pathname === path),
  }
  async function honest({ pathname }: URL): Promise<Response> {
    switch (pathname) {
      case '/.well-known/openid-configuration':
        return Response.json(fake.document)
      case '/jwks':
        return Response.json({ keys: [key.publicJwk] })
      case '/userinfo':
        return Response.json({ sub: 'ada', name: 'Ada of userinfo' })
      case '/token': {
        const id_token = await key.sign(fake.claimsOf({ nonce, ...fake.claims }))
        const tokens = { access_token: 'an-access-token', refresh_token: `refresh-${requests.length}`, expires_in: 600 }
        return Response.json({ ...tokens, token_type: 'Bearer', id_token })
      }
      default:
        return Response.json({}, { status: 404 })
    }
  }
  return fake
}
