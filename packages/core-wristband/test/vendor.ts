import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'

export const now = 1_800_000_000
export const clientId = 'example-client'
export const clientSecret = 'an-example-secret-of-this-test-only'

type Claims = Record<string, unknown>
export interface Token {
  header: Claims
  claims: Claims
}

/** What the vendor does; a test changes what it is about. */
export interface Behaviour {
  idToken: (token: Token) => Token
  /** An access token that is no JWT, for a string. */
  accessToken: string | ((token: Token) => Token)
  userinfo: (claims: Claims) => Claims
  tokenResponse: (body: Claims) => Claims
  tokenError: { status: number; body: Claims } | null
  signWithOtherKey: 'idToken' | 'accessToken' | null
  /** What a refresh answers: a new refresh token, the same one, or none. A replaced one is refused, and ends its sign-in. */
  rotation: 'rotate' | 'keep' | 'omit'
  /** Whether a refresh brings an ID token, with the nonce of the sign-in or without. */
  refreshedIdToken: 'with nonce' | 'without nonce' | 'none'
  /** Where the user is by the time of a refresh. */
  tenantOnRefresh: string | null
  machineResponse: (body: Claims) => Claims
  sdkConfiguration: unknown
  validDomains: readonly string[]
  /** Answers in the place of an endpoint: `drop` breaks the connection after the work was done. */
  fault: ((path: string, body: string) => Promise<Answer | 'drop' | undefined> | Answer | 'drop' | undefined) | null
}

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** All of an object but one member. */
export function without(name: string): (object: Claims) => Claims {
  return (object) => Object.fromEntries(Object.entries(object).filter(([member]) => member !== name))
}

/** A token with other claims. */
export function withClaims(change: (claims: Claims) => Claims): (token: Token) => Token {
  return ({ header, claims }) => ({ header, claims: change(claims) })
}

export interface JournalEntry {
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
}

export interface Vendor {
  /** `localhost:{port}` */
  readonly domain: string
  readonly origin: string
  readonly behaviour: Behaviour
  readonly journal: JournalEntry[]
  /** The endpoints that were called, in order, but for the keys: those are cached. */
  calls(): readonly string[]
  /** The vendor's time, in whole seconds. */
  time: number
  /** Signs an access token whose claims differ from those of acme's user. */
  accessToken(changes?: Claims, header?: Claims): Promise<string>
  /** Behaves well again, and forgets its journal. */
  reset(): void
  /** The user signs in at the tenant that the authorize URL names, or at another; back comes the callback. */
  authorize(url: URL, answer?: { tenant?: string; add?: Record<string, string> }): URL
  close(): Promise<void>
}

const good: Behaviour = {
  idToken: (token) => token,
  accessToken: (token) => token,
  userinfo: (claims) => claims,
  tokenResponse: (body) => body,
  tokenError: null,
  signWithOtherKey: null,
  rotation: 'rotate',
  refreshedIdToken: 'with nonce',
  tenantOnRefresh: null,
  machineResponse: (body) => body,
  sdkConfiguration: { isApplicationCustomDomainActive: false },
  validDomains: [],
  fault: null,
}
const key = await generateKeyPair('RS256')
const otherKey = await generateKeyPair('RS256')
const jwks = { keys: [{ ...(await exportJWK(key.publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }] }

/** The part of Wristband that a sign-in uses, written from its documentation, on a real loopback socket. */
export async function startVendor(): Promise<Vendor> {
  const journal: JournalEntry[] = []
  const codes = new Map<string, { nonce: string; tenant: string; challenge: string; redirectUri: string }>()
  const tenantOfToken = new Map<string, string>()
  const behaviour: Behaviour = { ...good }
  const signIns = new Map<string, { tenant: string; nonce: string; refreshToken: string; ended: boolean }>()
  let time = now
  let counted = 0
  const server = createServer((request, response) => {
    void respond(request).then((answer) => {
      if (answer === 'drop') return request.socket.destroy()
      const { status, body, headers = {} } = answer
      return response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    })
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const domain = `localhost:${(server.address() as AddressInfo).port}`
  const origin = `http://${domain}`

  async function respond(request: IncomingMessage): Promise<Answer | 'drop'> {
    const { pathname: path } = new URL(request.url ?? '/', origin)
    const body = await text(request)
    const { authorization } = request.headers
    journal.push({ path, authorization, body })
    const fault = await behaviour.fault?.(path.replace('/api/v1/oauth2/', ''), body)
    if (fault !== undefined && fault !== 'drop') return fault
    const honest = await answer(path, { authorization, body })
    return fault ?? honest
  }

  async function answer(
    path: string,
    { authorization, body }: { authorization: string | undefined; body: string },
  ): Promise<Answer> {
    if (path === '/api/v1/oauth2/jwks') return { status: 200, body: jwks }
    if (path === '/api/v1/oauth2/token') return redeem(new URLSearchParams(body))
    if (path === '/api/v1/oauth2/userinfo') {
      const tenant = tenantOfToken.get(authorization?.replace('Bearer ', '') ?? '')
      if (tenant === undefined) return { status: 401, body: {} }
      return { status: 200, body: behaviour.userinfo({ ...userKey(tenant), name: 'Ada Example' }) }
    }
    if (path === '/api/v1/oauth2/revoke') return revoke(new URLSearchParams(body).get('token') ?? '')
    if (path === `/api/v1/clients/${clientId}/sdk-configuration`)
      return { status: 200, body: behaviour.sdkConfiguration }
    if (path === '/api/v1/custom-domains/validate') {
      const { tenantCustomDomain } = JSON.parse(body) as { tenantCustomDomain: string }
      return { status: 200, body: { valid: behaviour.validDomains.includes(tenantCustomDomain) } }
    }
    return { status: 404, body: {} }
  }

  function revoke(token: string): Answer {
    const signIn = signIns.get(token)
    if (signIn) signIn.ended = true
    return { status: 200, body: {} }
  }

  async function redeem(form: URLSearchParams): Promise<Answer> {
    if (behaviour.tokenError) return behaviour.tokenError
    if (form.get('grant_type') === 'client_credentials') return issueMachineToken()
    if (form.get('grant_type') === 'refresh_token') return refresh(form.get('refresh_token') ?? '')
    const grant = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(form.get('code_verifier') ?? ''))
    const proven = grant?.challenge === Buffer.from(digest).toString('base64url')
    if (!grant || !proven || form.get('redirect_uri') !== grant.redirectUri) return invalidGrant
    const refreshToken = `example-refresh-token-${++counted}`
    signIns.set(refreshToken, { tenant: grant.tenant, nonce: grant.nonce, refreshToken, ended: false })
    return issue({ tenant: grant.tenant, nonce: grant.nonce, idToken: true, refreshToken })
  }

  async function refresh(refreshToken: string): Promise<Answer> {
    const signIn = signIns.get(refreshToken)
    if (signIn === undefined || signIn.ended) return invalidGrant
    if (signIn.refreshToken !== refreshToken) {
      signIn.ended = true
      return invalidGrant
    }
    const tenant = behaviour.tenantOnRefresh ?? signIn.tenant
    const nonce = behaviour.refreshedIdToken === 'with nonce' ? signIn.nonce : undefined
    const idToken = behaviour.refreshedIdToken !== 'none'
    if (behaviour.rotation === 'rotate') {
      signIn.refreshToken = `example-refresh-token-${++counted}`
      signIns.set(signIn.refreshToken, signIn)
    }
    const given = behaviour.rotation === 'omit' ? undefined : signIn.refreshToken
    return issue({ tenant, nonce, idToken, refreshToken: given })
  }

  async function issue(grant: {
    tenant: string
    nonce: string | undefined
    idToken: boolean
    refreshToken: string | undefined
  }): Promise<Answer> {
    const { tenant, nonce } = grant
    const common = { iss: origin, sub: 'user-1', iat: time, exp: time + 1800, tnt_id: `id-of-${tenant}` }
    const idToken = await sign('idToken', behaviour.idToken, {
      header: { alg: 'RS256', kid: 'key-1', typ: 'id+JWT' },
      claims: { ...common, aud: clientId, nonce, auth_time: time - 5, amr: ['pwd'] },
    })
    const accessToken =
      typeof behaviour.accessToken === 'string'
        ? behaviour.accessToken
        : await sign('accessToken', behaviour.accessToken, {
            header: { alg: 'RS256', kid: 'key-1', typ: 'at+JWT' },
            claims: { ...common, client_id: clientId, scope: 'openid', sub_kind: 'user', jti: String(++counted) },
          })
    tenantOfToken.set(accessToken, tenant)
    const body = {
      access_token: accessToken,
      ...(grant.idToken && { id_token: idToken }),
      ...(grant.refreshToken !== undefined && { refresh_token: grant.refreshToken }),
    }
    return { status: 200, body: behaviour.tokenResponse({ ...body, expires_in: 1800, token_type: 'bearer' }) }
  }

  function issueMachineToken(): Answer {
    const body = { access_token: `example-machine-token-${++counted}`, expires_in: 1800, token_type: 'bearer' }
    return { status: 200, body: behaviour.machineResponse(body) }
  }

  function sign(kind: 'idToken' | 'accessToken', change: (token: Token) => Token, token: Token): Promise<string> {
    const { header, claims } = change(token)
    const { privateKey } = behaviour.signWithOtherKey === kind ? otherKey : key
    return new SignJWT(claims).setProtectedHeader(header as unknown as JWTHeaderParameters).sign(privateKey)
  }

  return {
    domain,
    origin,
    behaviour,
    journal,
    get time() {
      return time
    },
    set time(seconds) {
      time = seconds
    },
    accessToken: (changes = {}, header = {}) =>
      sign('accessToken', (token) => token, {
        header: { alg: 'RS256', kid: 'key-1', typ: 'at+JWT', ...header },
        claims: JSON.parse(
          JSON.stringify({
            iss: origin,
            sub: 'user-1',
            client_id: clientId,
            iat: time,
            exp: time + 1800,
            tnt_id: 'id-of-acme',
            scope: 'openid email',
            sub_kind: 'user',
            ...changes,
          }),
        ) as Claims,
      }),
    calls: () => journal.map(({ path }) => path.replace('/api/v1/oauth2/', '')).filter((call) => call !== 'jwks'),
    reset() {
      Object.assign(behaviour, good)
      journal.length = 0
      time = now
    },
    authorize(url, { tenant = url.hostname.split('.')[0] ?? '', add = {} } = {}) {
      const query = url.searchParams
      const code = crypto.randomUUID()
      codes.set(code, {
        tenant,
        nonce: query.get('nonce') ?? '',
        challenge: query.get('code_challenge') ?? '',
        redirectUri: query.get('redirect_uri') ?? '',
      })
      const redirectUri = query.get('redirect_uri') ?? ''
      const callback = new URL(redirectUri.replace('{tenant_name}', tenant))
      const named = redirectUri.includes('{tenant_name}') ? {} : { tenant_name: tenant }
      const back = { code, state: query.get('state') ?? '', ...named, ...add }
      callback.search = new URLSearchParams(back).toString()
      return callback
    },
    close: () => close(server),
  }
}

const invalidGrant: Answer = {
  status: 400,
  body: { error: 'invalid_grant', error_description: 'Vendor text that must not appear.' },
}

function userKey(tenant: string): Claims {
  return { sub: 'user-1', tnt_id: `id-of-${tenant}`, app_id: 'example-app', idp_name: 'wristband' }
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
