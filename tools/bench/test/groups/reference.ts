import { randomBytes } from 'node:crypto'

/** The app that every candidate is, and its vendor. */
export const reference: Readonly<Record<ReferenceName, string>> = {
  origin: 'https://app.example',
  domain: 'app.bench.example',
  issuer: 'https://app.bench.example',
  clientId: 'the-client',
  clientSecret: 'the-secret-of-the-client',
  tenantId: 'tenant-1',
  secret: 'an-example-secret-of-32-bytes-in-base64url_',
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

interface UserClaims {
  readonly iss: string
  readonly sub: string
  readonly tnt_id: string
  readonly email: string
  readonly name: string
  readonly roles: readonly { readonly id: string; readonly name: string }[]
  picture: string
}

/** What the vendor says of the user: 557 bytes of JSON. */
const claims: UserClaims = {
  iss: reference.issuer,
  sub: 'user-1',
  tnt_id: reference.tenantId,
  email: 'ada@app.example',
  name: 'Ada Lovelace',
  roles: ['owner', 'admin'].map((name) => ({ id: `role-${name}`, name })),
  picture: 'https://images.example/',
}
claims.picture = claims.picture.padEnd(claims.picture.length + 557 - JSON.stringify(claims).length, 'a')

interface ReferencePayload extends Record<string, unknown> {
  readonly accessToken: string
  readonly refreshToken: string
  readonly claims: Readonly<UserClaims>
}

/** The session that every candidate keeps: 1,912 bytes of JSON, mostly an access token. */
export const payload: ReferencePayload = {
  isAuthenticated: true,
  accessToken: accessToken(),
  refreshToken: randomBytes(45).toString('base64url'),
  claims,
  csrf: '',
}
payload['csrf'] = 'c'.repeat(1912 - JSON.stringify(payload).length)
