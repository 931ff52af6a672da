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
  /** Behaves well again, and forgets its journal. */
  reset(): void
  /** The person signs in at the tenant that the authorize URL names, or at another; back comes the callback. */
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
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const domain = `localhost:${(server.address() as AddressInfo).port}`
  const origin = `http://${domain}`

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { pathname: path } = new URL(request.url ?? '/', origin)
    const body = await text(request)
    const { authorization } = request.headers
    journal.push({ path, authorization, body })
    if (path === '/api/v1/oauth2/jwks') return { status: 200, body: jwks }
    if (path === '/api/v1/oauth2/token') return redeem(new URLSearchParams(body))
    if (path === '/api/v1/oauth2/userinfo') {
      const tenant = tenantOfToken.get(authorization?.replace('Bearer ', '') ?? '')
      if (tenant === undefined) return { status: 401, body: {} }
      return { status: 200, body: behaviour.userinfo({ ...personOf(tenant), name: 'Ada Example' }) }
    }
    return { status: 404, body: {} }
  }

  async function redeem(form: URLSearchParams): Promise<{ status: number; body: Claims }> {
    if (behaviour.tokenError) return behaviour.tokenError
    const grant = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(form.get('code_verifier') ?? ''))
    const proven = grant?.challenge === Buffer.from(digest).toString('base64url')
    if (!grant || !proven || form.get('redirect_uri') !== grant.redirectUri) {
      return { status: 400, body: { error: 'invalid_grant', error_description: 'Vendor text that must not appear.' } }
    }
    const common = { iss: origin, sub: 'user-1', iat: now, exp: now + 1800, tnt_id: `id-of-${grant.tenant}` }
    const idToken = await sign('idToken', behaviour.idToken, {
      header: { alg: 'RS256', kid: 'key-1', typ: 'id+JWT' },
      claims: { ...common, aud: clientId, nonce: grant.nonce, auth_time: now - 5, amr: ['pwd'] },
    })
    const accessToken =
      typeof behaviour.accessToken === 'string'
        ? behaviour.accessToken
        : await sign('accessToken', behaviour.accessToken, {
            header: { alg: 'RS256', kid: 'key-1', typ: 'at+JWT' },
            claims: { ...common, client_id: clientId, scope: 'openid', sub_kind: 'user' },
          })
    tenantOfToken.set(accessToken, grant.tenant)
    const body = { access_token: accessToken, id_token: idToken, refresh_token: 'example-refresh-token' }
    return { status: 200, body: behaviour.tokenResponse({ ...body, expires_in: 1800, token_type: 'bearer' }) }
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
    calls: () => journal.map(({ path }) => path.replace('/api/v1/oauth2/', '')).filter((call) => call !== 'jwks'),
    reset() {
      Object.assign(behaviour, good)
      journal.length = 0
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
      const callback = new URL(query.get('redirect_uri') ?? '')
      const back = { code, state: query.get('state') ?? '', tenant_name: tenant, ...add }
      callback.search = new URLSearchParams(back).toString()
      return callback
    },
    close: () => close(server),
  }
}

function personOf(tenant: string): Claims {
  return { sub: 'user-1', tnt_id: `id-of-${tenant}`, app_id: 'example-app', idp_name: 'wristband' }
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
