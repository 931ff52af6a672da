import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import OidcProvider from 'oidc-provider'
import { user, registration } from '../provider/registration.ts'

const scope = 'openid offline_access profile email roles'
const daySeconds = 86_400

/** npm's `oidc-provider`, certified and not ours, at Wristband's addresses: it rotates refresh tokens and detects reuse. */
export interface CertifiedProvider {
  readonly domain: string
  readonly issuer: string
  /** Successful and refused refreshes. */
  readonly refreshes: { readonly good: number; readonly refused: number }
  close(): Promise<void>
}

export async function startCertifiedProvider(): Promise<CertifiedProvider> {
  const refreshes = { good: 0, refused: 0 }
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const domain = `localhost:${(server.address() as AddressInfo).port}`
  const issuer = `http://${domain}`
  const provider = createProvider(issuer)
  provider.on('grant.success', (context) => {
    if (context.oidc.params.grant_type === 'refresh_token') refreshes.good += 1
  })
  provider.on('grant.error', (context) => {
    if (context.oidc.params.grant_type === 'refresh_token') refreshes.refused += 1
  })
  server.on('request', provider.callback())
  return {
    domain,
    issuer,
    refreshes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function createProvider(issuer: string): OidcProvider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const claims = { sub: user.subject, tnt_id: user.tenantId, name: user.name }
  const provider: OidcProvider = new OidcProvider(issuer, {
    clients: [
      {
        client_id: registration.clientId,
        client_secret: registration.clientSecret,
        token_endpoint_auth_method: 'client_secret_basic',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [registration.redirectUris[0]],
      },
    ],
    cookies: { keys: ['an-example-key-of-a-test'] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256', use: 'sig' }] },
    scopes: scope.split(' '),
    claims: { openid: ['sub', 'tnt_id'], profile: ['name'] },
    findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: () => claims }),
    // Its time is the machine's, and ours runs ahead of it.
    ttl: {
      Interaction: 600,
      AccessToken: 1800,
      IdToken: daySeconds,
      RefreshToken: daySeconds,
      Grant: daySeconds,
      Session: daySeconds,
    },
    pkce: { required: () => true },
    interactions: { url: () => '/login' },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    routes: {
      authorization: '/api/v1/oauth2/authorize',
      token: '/api/v1/oauth2/token',
      userinfo: '/api/v1/oauth2/userinfo',
      jwks: '/api/v1/oauth2/jwks',
      revocation: '/api/v1/oauth2/revoke',
    },
    // Wristband asks nobody for consent.
    async loadExistingGrant() {
      const grant = new provider.Grant({ clientId: registration.clientId, accountId: user.subject })
      grant.addOIDCScope(scope)
      await grant.save()
      return grant
    },
  })
  provider.use(async (context, next) => {
    if (context.path !== '/login') return next()
    const login = { accountId: user.subject }
    context.redirect(await provider.interactionResult(context.req, context.res, { login }))
  })
  return provider
}
