import { createPublicKey, generateKeyPairSync, type JsonWebKey, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import Provider, { type Context } from 'oidc-provider'
import type { Variables } from '../src/environment.ts'

const clientId = 'certified-client_1.x'
const clientSecret = 'an-example-secret_of-the-certified.provider'
const api = 'https://api.example'
const scope = 'openid offline_access profile email roles'
const tenantIds: Readonly<Record<string, string>> = { acme: 'tenant-id-of-acme', globex: 'tenant-id-of-globex' }

/** npm's `oidc-provider`, a certified OpenID provider, at Wristband's addresses. */
export interface CertifiedProvider {
  readonly host: string
  /** What the demo is configured with: nothing else says that this is not Wristband. */
  readonly variables: Variables
  /** Method, host and path of every request, in order. */
  readonly requests: readonly string[]
  /** Begins to answer, to an application at this origin. */
  serve(application: string): void
  close(): Promise<void>
}

/** Opens its socket: the address is known, so that an application can be started. */
export async function openCertifiedProvider(): Promise<CertifiedProvider> {
  const requests: string[] = []
  const server = createServer().on('request', ({ method, headers, url }) => {
    requests.push(`${method} ${headers.host} ${url?.split('?', 1)[0]}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `localhost:${(server.address() as AddressInfo).port}`
  return {
    host,
    requests,
    variables: {
      WRISTBAND_CLIENT_ID: clientId,
      WRISTBAND_CLIENT_SECRET: clientSecret,
      WRISTBAND_APPLICATION_DOMAIN: host,
      WRISTBAND_TENANT: 'acme',
      WRISTBAND_TENANT_IDS: Object.entries(tenantIds)
        .map((pair) => pair.join('='))
        .join(','),
    },
    serve: (application) => void server.on('request', createProvider(`http://${host}`, application).callback()),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Everyone of a tenant has a subject that names it, such as `ada.acme`. */
const tenantOf = (subject: string): string => subject.split('.')[1] ?? ''

function createProvider(issuer: string, application: string): Provider {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const claims = (subject: string): Record<string, unknown> => ({
    sub: subject,
    tnt_id: tenantIds[tenantOf(subject)],
    app_id: 'example-application',
    idp_name: 'wristband',
  })
  const provider: Provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        token_endpoint_auth_method: 'client_secret_basic',
        redirect_uris: [`${application}/auth/wristband/callback`],
        require_auth_time: true,
      },
    ],
    cookies: { keys: ['an-example-key-of-a-test'] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256', use: 'sig' }] },
    scopes: scope.split(' '),
    claims: { openid: ['sub', 'tnt_id', 'app_id', 'idp_name'] },
    findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: () => claims(accountId) }),
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 1800, IdToken: 1800 },
    pkce: { required: () => true },
    interactions: { url: () => '/login' },
    routes: {
      authorization: '/api/v1/oauth2/authorize',
      token: '/api/v1/oauth2/token',
      jwks: '/api/v1/oauth2/jwks',
      revocation: '/api/v1/oauth2/revoke',
      userinfo: '/internal/userinfo',
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: false },
      // Access tokens are JWTs only for a resource.
      resourceIndicators: {
        enabled: true,
        defaultResource: () => api,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 1800,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    formats: {
      customizers: {
        jwt(_context: unknown, token: { accountId: string }, jwt: { header?: object; payload: object }) {
          jwt.header = { typ: 'at+JWT' }
          Object.assign(jwt.payload, claims(token.accountId), { sub_kind: 'user' })
        },
      },
    },
    // Wristband asks nobody for consent.
    async loadExistingGrant({ oidc }: { oidc: { session: { accountId: string } } }) {
      const grant = new provider.Grant({ clientId, accountId: oidc.session.accountId })
      grant.addOIDCScope(scope)
      grant.addResourceScope(api, scope)
      await grant.save()
      return grant
    },
  })
  const userinfo = (authorization: string): Record<string, unknown> | null => {
    const subject = subjectOf(authorization, publicKey.export({ format: 'jwk' }))
    const [user = '', tenant = ''] = subject?.split('.') ?? []
    return subject === null ? null : { ...claims(subject), name: `Certified ${user} of ${tenant}` }
  }
  provider.use(wristbandPages({ provider, application, userinfo }))
  return provider
}

/** What Wristband has and an OpenID provider has not, or has otherwise. */
function wristbandPages({
  provider,
  application,
  userinfo,
}: {
  readonly provider: Provider
  readonly application: string
  userinfo(authorization: string): Record<string, unknown> | null
}): (context: Context, next: () => Promise<void>) => Promise<void> {
  return async (context, next) => {
    const { method, path, hostname, query } = context
    const tenant = hostname.replace(/\.?localhost$/, '')
    if (path === '/login' && method === 'GET') {
      context.type = 'html'
      context.body = '<main>Who is it?</main><form action="/login" method="post"></form>'
    } else if (path === '/login') {
      const user = new URLSearchParams(await text(context.req)).get('user')
      const login = { accountId: `${user}.${tenant}` }
      context.redirect(await provider.interactionResult(context.req, context.res, { login }))
    } else if (path === '/api/v1/logout') {
      await (await provider.Session.get(context)).destroy()
      const returnTo = new URL(query.redirect_url ?? '')
      if (returnTo.href !== `${application}/auth/logout/next`) return
      returnTo.searchParams.set('tenant_name', tenant)
      context.redirect(returnTo.href)
    } else if (path === '/api/v1/oauth2/userinfo') {
      const claims = userinfo(context.get('authorization'))
      if (claims === null) context.status = 401
      else context.body = claims
    } else {
      await next()
      const location = context.response.get('location')
      if (location?.startsWith(`${application}/`)) context.set('location', asWristbandAnswers(location, tenant))
    }
  }
}

function asWristbandAnswers(location: string, tenant: string): string {
  const url = new URL(location)
  url.searchParams.delete('iss')
  url.searchParams.set('tenant_name', tenant)
  return url.href
}

/** The subject of a Bearer header's token, if it is one of ours. */
function subjectOf(authorization: string, key: JsonWebKey): string | null {
  const [header = '', payload = '', signature = ''] = authorization.replace(/^Bearer /, '').split('.')
  const signed = Buffer.from(`${header}.${payload}`)
  const publicKey = createPublicKey({ key, format: 'jwk' })
  if (!verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))) return null
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string }).sub
}
