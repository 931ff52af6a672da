import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen } from '@latchkey/tool-test-support'
import type { Clock } from '../clock.ts'
import { createGrants } from './grants.ts'
import {
  authorizationFaults,
  type Memory,
  type Received,
  redemptionFaults,
  resourceRequestFaults,
  tokenRequestFaults,
} from './implicit-checks.ts'
import { type Endpoint, type Journal, openJournal } from './journal.ts'
import type { Members, Misbehaviour } from './misbehaviour.ts'
import { publishKeys } from './published-keys.ts'
import { registration, user } from './registration.ts'
import { userinfoOf } from './userinfo.ts'

/** An OpenID provider that misbehaves in one way: at Wristband's addresses, or where its metadata says. */
export interface Provider {
  /** `localhost` and its port: Wristband's application domain. */
  readonly domain: string
  readonly issuer: string
  readonly journal: Journal
  /** Everything that no page may show. */
  secrets(): readonly string[]
  rotateKeys(): void
  /** What it tells a party by the back channel: that the user's session has ended. */
  logoutToken(): string
  close(): Promise<void>
}

interface Answer {
  readonly status?: number
  readonly location?: string
  readonly body?: object
}

/** Starts a provider. It knows one user, who is always signed in at it. */
export async function startProvider(clock: Clock, misbehaviour: Misbehaviour = {}): Promise<Provider> {
  const journal = openJournal()
  const keys = publishKeys(misbehaviour)
  const memory: Memory = { challenges: new Set(), nonces: new Set(), states: new Set(), verifiers: new Set() }
  const codes = new Map<string, URLSearchParams>()
  const issuedCodes: string[] = []
  const server = await listen(
    async (incoming, outgoing) => {
      const { status = 200, location, body = {} } = await answer(incoming)
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
      outgoing.writeHead(status, location === undefined ? headers : { location })
      outgoing.end(location === undefined ? JSON.stringify(body) : '')
    },
    (error) => journal.violated(`the provider failed: ${String(error)}`),
  )
  const domain = `localhost:${server.port}`
  const issuer = `http://${domain}`
  const tenantHost = `${user.tenant}.${domain}`
  const grants = createGrants(issuer, { clock, keys, misbehaviour })
  const places = misbehaviour.metadata === undefined ? wristbandPlaces : newPlaces()

  const check = (faults: readonly string[]): boolean => {
    for (const rule of faults) journal.violated(`broken: ${rule}`)
    return faults.length === 0
  }

  async function answer(incoming: IncomingMessage): Promise<Answer> {
    const { host = '' } = incoming.headers
    const url = new URL(incoming.url ?? '', `http://${host}`)
    const body = new URLSearchParams(await text(incoming))
    const received: Received = {
      method: incoming.method ?? '',
      query: url.searchParams,
      body,
      headers: incoming.headers,
    }
    const called = (endpoint: Endpoint): void =>
      journal.record(endpoint, new URLSearchParams([...received.query, ...received.body]))
    const place = `${host === tenantHost ? 'tenant' : host === domain ? 'application' : host} ${url.pathname}`
    const endpoint = place === metadataPlace && misbehaviour.metadata !== undefined ? 'metadata' : places.get(place)
    if (endpoint !== undefined) {
      called(endpoint === 'token' && body.get('grant_type') === 'refresh_token' ? 'refresh' : endpoint)
    }
    switch (endpoint) {
      case 'metadata':
        return { body: metadata() }
      case 'authorize':
        return authorize(received)
      case 'token':
        return redeem(received)
      case 'userinfo':
        return userinfo(received)
      case 'jwks':
        return { body: keys.document() }
      case 'revoke':
        check(tokenRequestFaults(received))
        return {}
      case 'logout':
        return signOut(received)
      default:
        journal.violated(`an unexpected path was called: ${host}${url.pathname}`)
        return { status: 404 }
    }
  }

  function metadata(): Members {
    const endpoints = [...places].map(([place, endpoint]) => [
      metadataNames[endpoint],
      issuer + place.slice('application '.length),
    ])
    const document: Members = {
      issuer,
      ...(Object.fromEntries(endpoints) as Members),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
    }
    misbehaviour.metadata?.(document)
    return document
  }

  function authorize(received: Received): Answer {
    if (!check(authorizationFaults(received, memory))) return { status: 400 }
    const { query } = received
    const code = randomBytes(16).toString('base64url')
    codes.set(code, query)
    issuedCodes.push(code)
    const callback = new URL(query.get('redirect_uri') ?? '')
    callback.search = new URLSearchParams({
      code,
      state: query.get('state') ?? '',
      tenant_name: user.tenant,
      ...(misbehaviour.namesIssuer && { iss: issuer }),
    }).toString()
    misbehaviour.callback?.(callback.searchParams)
    return { status: 302, location: callback.href }
  }

  function redeem(received: Received): Answer {
    if (!check(tokenRequestFaults(received))) return { status: 401, body: { error: 'invalid_client' } }
    const { body } = received
    if (body.get('grant_type') === 'refresh_token') {
      const tokens = grants.refresh(body.get('refresh_token') ?? '')
      if (tokens !== null) return { body: tokens }
      journal.violated('broken: a refresh uses the newest refresh token')
      return { status: 400, body: { error: 'invalid_grant' } }
    }
    const code = body.get('code') ?? ''
    const authorization = codes.get(code)
    codes.delete(code)
    if (!check(redemptionFaults(received, authorization, memory)) || authorization === undefined) {
      return { status: 400, body: { error: 'invalid_grant' } }
    }
    return { body: grants.signIn(authorization) }
  }

  function userinfo(received: Received): Answer {
    check(resourceRequestFaults(received))
    const accessToken = received.headers.authorization?.slice('Bearer '.length) ?? received.body.get('access_token')
    if (!grants.isAlive(accessToken ?? '')) return { status: 401, body: { error: 'invalid_token' } }
    const claims: Members = userinfoOf(journal.calls('authorize').at(-1)?.get('scope') ?? '')
    misbehaviour.userinfo?.(claims)
    return { body: claims }
  }

  function signOut({ query }: Received): Answer {
    const name = misbehaviour.metadata === undefined ? 'redirect_url' : 'post_logout_redirect_uri'
    const isKnown = query.get('client_id') === registration.clientId && query.get(name) === registration.signOutUri
    if (!isKnown) journal.violated('broken: a sign-out names the client and a registered URI')
    const back = new URL(registration.signOutUri)
    const { signOutState = query.get('state') } = misbehaviour
    back.search = new URLSearchParams({
      tenant_name: user.tenant,
      ...(signOutState !== null && { state: signOutState }),
    }).toString()
    return { status: 302, location: back.href }
  }

  return {
    domain,
    issuer,
    journal,
    secrets: () => [...grants.secrets, ...issuedCodes, ...memory.verifiers],
    rotateKeys: () => keys.rotate(),
    logoutToken: () => grants.logoutToken(),
    close: server.close,
  }
}

type Placed = Exclude<Endpoint, 'metadata' | 'refresh'>

const metadataPlace = 'application /.well-known/openid-configuration'

/** At which host and path Wristband has its endpoints. */
const wristbandPlaces: ReadonlyMap<string, Placed> = new Map([
  ['tenant /api/v1/oauth2/authorize', 'authorize'],
  ['application /api/v1/oauth2/token', 'token'],
  ['application /api/v1/oauth2/userinfo', 'userinfo'],
  ['application /api/v1/oauth2/jwks', 'jwks'],
  ['application /api/v1/oauth2/revoke', 'revoke'],
  ['tenant /api/v1/logout', 'logout'],
])

/** How metadata names the endpoints. */
const metadataNames: Readonly<Record<Placed, string>> = {
  authorize: 'authorization_endpoint',
  token: 'token_endpoint',
  userinfo: 'userinfo_endpoint',
  jwks: 'jwks_uri',
  revoke: 'revocation_endpoint',
  logout: 'end_session_endpoint',
}

/** Paths that nobody can know but by the metadata. */
function newPlaces(): ReadonlyMap<string, Placed> {
  const path = (): string => `application /${randomBytes(8).toString('hex')}`
  return new Map((Object.keys(metadataNames) as Placed[]).map((endpoint) => [path(), endpoint]))
}
