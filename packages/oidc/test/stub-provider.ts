import type { OidcMetadata } from '../src/index.ts'
import { type Answer, type LoopbackServer, type SeenRequest, startLoopbackServer } from './loopback.ts'
import { createSigningKey, type SigningKey } from './signing-key.ts'

export const clientId = 'f1b2c3d4-11aa_x.~'
export const clientSecret = 'an-example-secret_with.unreserved~'
export const subject = 'ada'
/** The time of every test, in seconds. */
export const now = 1_800_000_000

/** A provider that answers whatever a test wants, on a real loopback socket. */
export interface StubProvider {
  readonly metadata: OidcMetadata
  readonly key: SigningKey
  readonly requests: SeenRequest[]
  /** Answers that differ from the honest one, by path. */
  readonly answers: Map<string, Answer>
  /** The honest claims of an ID token. */
  claims(nonce: string): Record<string, unknown>
  /** Answers the next token requests with this ID token, and members changed. */
  answerTokens(idToken: string, changes?: Readonly<Record<string, unknown>>): void
  close(): Promise<void>
}

export async function startStubProvider(): Promise<StubProvider> {
  const key = await createSigningKey()
  const answers = new Map<string, Answer>()
  const server: LoopbackServer = await startLoopbackServer(({ path }) => {
    const answer = answers.get(path)
    if (answer) return answer
    if (path === '/jwks') return { body: { keys: [key.publicJwk] } }
    if (path === '/userinfo') return { body: { sub: subject, email: 'ada@example.com' } }
    return { status: 404, body: {} }
  })
  const { origin } = server
  return {
    metadata: {
      issuers: [origin, 'https://login.custom.example'],
      authorizationEndpoint: `${origin}/authorize`,
      tokenEndpoint: `${origin}/token`,
      userinfoEndpoint: `${origin}/userinfo`,
      jwksUri: `${origin}/jwks`,
    },
    key,
    requests: server.requests,
    answers,
    claims: (nonce) => ({ iss: origin, sub: subject, aud: clientId, iat: now, exp: now + 300, nonce }),
    answerTokens: (idToken, changes = {}) => {
      const tokens = { access_token: 'example-access-token', token_type: 'Bearer', expires_in: 1800, id_token: idToken }
      answers.set('/token', { body: { ...tokens, ...changes } })
    },
    close: server.close,
  }
}
