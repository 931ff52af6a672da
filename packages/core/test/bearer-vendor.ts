import type { BearerToken, InstalledProvider, ProviderName } from '../src/index.ts'
import { AuthError } from '../src/provider.ts'
import { acme } from './acme-provider.ts'

export interface BearerVendor {
  readonly provider: InstalledProvider
  /** The tokens that it was asked to verify. */
  readonly verified: readonly string[]
}

type Mounted = ReturnType<InstalledProvider['mount']>

/** A vendor whose access tokens say all that a {@link BearerToken} does; it believes them unless `forged` is among it. */
export function createBearerVendor(name: ProviderName, isValidFor?: Mounted['isValidFor']): BearerVendor {
  const verified: string[] = []
  const base = acme(name)
  const provider: InstalledProvider = {
    name,
    mount: (host) => ({
      ...base.mount(host),
      bearer: {
        issuers: [`https://${name}.example`],
        async verify(token) {
          verified.push(token)
          const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims
          if (claims.forged === 'vendor is down') throw new AuthError('acme/down', { status: 503, hint: 'h' })
          if (claims.forged !== undefined) throw new AuthError('acme/bad_signature', { status: 401, hint: 'h' })
          const { iss, ...said } = claims
          const usual = { subject: 'ada', kind: 'user', scopes: [], expiresAt: host.clock() + 60, claims: {} } as const
          return { provider: name, issuer: iss, ...usual, ...said }
        },
      },
      ...(isValidFor && { isValidFor }),
    }),
  }
  return { provider, verified }
}

type Claims = Partial<BearerToken> & { readonly iss: string; readonly forged?: string }

/** An access token of a vendor. */
export function accessTokenOf(name: string, claims: Partial<Omit<Claims, 'iss'>> = {}): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ iss: `https://${name}.example`, ...claims })}.${part({ not: 'signed' })}`
}

/** A request that presents an access token. */
export function withBearer(token: string, headers: Record<string, string> = {}): Request {
  return new Request('https://app.example/api', { headers: { authorization: `Bearer ${token}`, ...headers } })
}
