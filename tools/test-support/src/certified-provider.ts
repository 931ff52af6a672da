import { generateKeyPairSync } from 'node:crypto'
import type { RequestListener } from 'node:http'
import Provider from 'oidc-provider'
import { listen } from './loopback-server.ts'

/** npm's `oidc-provider`, certified and not ours: it rotates refresh tokens and, on seeing one again, revokes the grant. */
export interface CertifiedProvider {
  /** `localhost` and its port. */
  readonly domain: string
  readonly issuer: string
  readonly tokenUrl: string
  /** How many requests came to the token endpoint. */
  calls(): number
  /** Successful and refused refreshes. */
  readonly refreshes: { readonly good: number; readonly refused: number }
  /** Called when the token endpoint has decided, before it answers. */
  onDecided(listener: () => void): void
  /** A refresh token of the account, which has signed in. */
  issue(): Promise<string>
  close(): Promise<void>
}

/** Who asks, and who signs in. */
export interface CertifiedProviderOptions {
  readonly client: { readonly id: string; readonly secret: string; readonly redirectUri: string }
  readonly account: { readonly sub: string } & Readonly<Record<string, string>>
  /** How long the token endpoint waits with what it has decided. Default 0. */
  readonly answerMilliseconds?: number
}

const scope = 'openid offline_access profile email roles'
const path = '/api/v1/oauth2'
const daySeconds = 86_400

/** Starts it at Wristband's addresses. */
export async function startCertifiedProvider(options: CertifiedProviderOptions): Promise<CertifiedProvider> {
  let callback: RequestListener = (_incoming, outgoing) => outgoing.destroy()
  const { port, close } = await listen((incoming, outgoing) => callback(incoming, outgoing))
  const domain = `localhost:${port}`
  const issuer = `http://${domain}`
  const provider = createProvider(issuer, options)
  const refreshes = { good: 0, refused: 0 }
  provider.on('grant.success', ({ oidc }) => void (oidc.params.grant_type === 'refresh_token' && refreshes.good++))
  provider.on('grant.error', ({ oidc }) => void (oidc.params.grant_type === 'refresh_token' && refreshes.refused++))
  let calls = 0
  let decided = (): void => {}
  provider.use(async (context, next) => {
    if (context.path !== `${path}/token`) return next()
    calls++
    await next()
    decided()
    return new Promise((resolve) => setTimeout(resolve, options.answerMilliseconds ?? 0))
  })
  callback = provider.callback()

  return {
    domain,
    issuer,
    tokenUrl: `${issuer}${path}/token`,
    calls: () => calls,
    refreshes,
    onDecided(listener) {
      decided = listener
    },
    async issue() {
      const account = { accountId: options.account.sub, scope, gty: 'authorization_code' }
      const client = await provider.Client.find(options.client.id)
      const grantId = await grantOf(provider, options).save()
      const authTime = Math.floor(Date.now() / 1000)
      return new provider.RefreshToken({ ...account, client, grantId, authTime }).save()
    },
    close,
  }
}

function createProvider(issuer: string, options: CertifiedProviderOptions): Provider {
  const { client, account } = options
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider: Provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        token_endpoint_auth_method: 'client_secret_basic',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [client.redirectUri],
      },
    ],
    cookies: { keys: ['an-example-key-of-a-test'] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256', use: 'sig' }] },
    scopes: scope.split(' '),
    claims: { openid: ['sub', 'tnt_id'], profile: ['name'] },
    findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: () => account }),
    // Its time is the computer's, and that of an app under test may run ahead.
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
      authorization: `${path}/authorize`,
      token: `${path}/token`,
      userinfo: `${path}/userinfo`,
      jwks: `${path}/jwks`,
      revocation: `${path}/revoke`,
    },
    // The account is asked for no consent.
    loadExistingGrant: async () => {
      const grant = grantOf(provider, options)
      await grant.save()
      return grant
    },
  })
  provider.use(async (context, next) => {
    if (context.path !== '/login') return next()
    const login = { accountId: account.sub }
    return context.redirect(await provider.interactionResult(context.req, context.res, { login }))
  })
  return provider
}

function grantOf(provider: Provider, { client, account }: CertifiedProviderOptions): InstanceType<Provider['Grant']> {
  const grant = new provider.Grant({ clientId: client.id, accountId: account.sub })
  grant.addOIDCScope(scope)
  return grant
}
