import { randomBytes } from 'node:crypto'
import { type Auth, createAuth } from '@latchkey/core'
import { wristbandProvider } from '@latchkey/core-wristband'
import { createTestSession } from '@latchkey/testkit'

/** The app that every candidate is, and its vendor. */
export const reference: Readonly<Record<ReferenceName, string>> = {
  origin: 'https://app.example',
  domain: 'app.bench.example',
  issuer: 'https://app.bench.example',
  clientId: 'the-client',
  clientSecret: 'the-secret-of-the-client',
  tenantId: 'tenant-1',
  secret: randomBytes(32).toString('base64url'),
}

type ReferenceName = 'origin' | 'domain' | 'issuer' | 'clientId' | 'clientSecret' | 'tenantId' | 'secret'

/** An access token of 1,200 characters: a header, claims and a signature of 256 bytes, none of it compressible. */
function accessToken(): string {
  const header = Buffer.from('{"alg":"RS256","kid":"key-1","typ":"at+jwt"}').toString('base64url')
  const signature = randomBytes(256).toString('base64url')
  const start = JSON.stringify({ iss: reference.issuer, sub: 'user-1', client_id: reference.clientId, jti: '' })
  const bytes = Math.floor(((1200 - header.length - signature.length - 2) * 3) / 4) - start.length
  const claims = start.replace('""', `"${randomBytes(bytes).toString('base64url').slice(0, bytes)}"`)
  return `${header}.${Buffer.from(claims).toString('base64url')}.${signature}`.padEnd(1200, 'A')
}

/** A profile, of which the claims are 557 bytes of JSON. */
const claims = { email: 'ada@app.example', name: 'Ada Lovelace', picture: '', roles: ['owner', 'admin'] }
const picture = `https://images.example/${'a'.repeat(557 - JSON.stringify(claims).length - 23)}`

interface ReferencePayload extends Record<string, unknown> {
  readonly accessToken: string
  readonly refreshToken: string
  readonly claims: {
    readonly email: string
    readonly name: string
    readonly picture: string
    readonly roles: readonly string[]
  }
}

/** The session that every candidate keeps: 1,912 bytes of JSON, mostly an access token. */
export const payload: ReferencePayload = {
  isAuthenticated: true,
  accessToken: accessToken(),
  refreshToken: randomBytes(45).toString('base64url'),
  claims: { ...claims, picture },
  csrf: '',
}
payload['csrf'] = 'c'.repeat(1912 - JSON.stringify(payload).length)

/** The app with Latchkey. */
export function createReferenceAuth(options: { readonly baseUrl?: string; readonly strategy?: 'store' } = {}): Auth {
  const { baseUrl = reference.origin, strategy = 'cookie' } = options
  const { clientId, clientSecret, domain: applicationDomain, secret } = reference
  const tenancy = { kind: 'query', default: 'acme' } as const
  return createAuth({
    baseUrl,
    secret,
    session: { strategy },
    providers: [wristbandProvider({ clientId, clientSecret, applicationDomain, tenancy })],
  })
}

/** The Cookie header of a browser with the session of {@link payload}. */
export async function referenceCookie(auth: Auth): Promise<string> {
  const { accessToken, refreshToken, claims: profile } = payload
  const inAnHour = Math.floor(Date.now() / 1000) + 3600
  const tokens = { accessToken, refreshToken, expiresAt: inAnHour, refreshAt: inAnHour - 60 }
  const identity = { subject: 'user-1', tenant: { id: reference.tenantId }, profile: { ...profile, roles: [] } }
  return (await createTestSession(auth, { wristband: identity }, { tokens: { wristband: tokens } })).cookie
}
