import { createHash, randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestBrowser } from '@latchkey/testkit'
import { type LoopbackServer, listen } from '@latchkey/tool-test-support'
import type { Party, PartySetup } from './party/party.ts'
import { appOrigin, registration, user } from './provider/registration.ts'

const sessionCookie = '__Host-latchkey'
const [wristbandRedirectUri, openidRedirectUri] = registration.redirectUris

interface Tokens {
  readonly access_token: string
  readonly id_token: string
  readonly refresh_token: string
  readonly expires_in?: number
}

interface NaiveSession {
  tokens: Tokens
  expiresAt: number
  readonly profile: object
}

/**
 * A relying party as they are often written by hand: what it sends is right, and it believes whatever comes back. The
 * modules must find it out; if they do not, they find nothing.
 */
export const naiveParty: Party = {
  name: 'naive client',
  async start(setup) {
    const sessions = new Map<string, NaiveSession>()
    let known: Promise<Endpoints> | null = null
    const endpoints = (): Promise<Endpoints> => (known ??= endpointsOf(setup))
    const verifiers: string[] = []
    const server = await listen(async (incoming, outgoing) => {
      const url = new URL(incoming.url ?? '', appOrigin)
      const id = sessionIdOf(incoming.headers.cookie ?? '')
      switch (url.pathname) {
        case '/auth/wristband/login':
        case '/auth/openid/login':
          return redirect(outgoing, authorizationUrl(setup, await endpoints(), verifiers))
        case '/auth/wristband/callback':
        case '/auth/openid/callback': {
          const answer = { code: url.searchParams.get('code') ?? '', verifier: verifiers.pop() ?? '' }
          const session = await redeem(setup, await endpoints(), answer)
          const newId = randomBytes(16).toString('base64url')
          sessions.set(newId, session)
          return redirect(outgoing, '/', `${sessionCookie}=${newId}; Max-Age=3600; Path=/; Secure; HttpOnly`)
        }
        case '/auth/session':
          outgoing.end(JSON.stringify({ identities: summaryOf(sessions.get(id)) }))
          return
        case '/auth/logout':
          sessions.delete(id)
          return redirect(
            outgoing,
            signOutUrl(await endpoints()),
            `${sessionCookie}=; Max-Age=0; Path=/; Secure; HttpOnly`,
          )
        case '/auth/logout/next':
          return redirect(outgoing, url.searchParams.get('state') ?? '/goodbye')
        case '/auth/openid/backchannel-logout':
          endSessions(sessions, new URLSearchParams(await text(incoming)).get('logout_token') ?? '')
          outgoing.writeHead(200, { 'cache-control': 'no-store' }).end()
          return
        default:
          outgoing.writeHead(404).end()
      }
    })
    const find = (browser: TestBrowser) => sessions.get(sessionIdOf(browser.cookies.header()))
    return runningParty(setup, { server, endpoints, find })
  },
}

function runningParty(
  setup: PartySetup,
  {
    server,
    endpoints,
    find,
  }: {
    readonly server: LoopbackServer
    readonly endpoints: () => Promise<Endpoints>
    readonly find: (browser: TestBrowser) => NaiveSession | undefined
  },
): Awaited<ReturnType<Party['start']>> {
  return {
    server: server.origin,
    loginUrl: `${appOrigin}/auth/${setup.discovers ? 'openid' : 'wristband'}/login`,
    async accessToken(browser) {
      const session = find(browser)
      if (session === undefined) return null
      if (session.expiresAt - 60 <= setup.clock.now) {
        const grant = { grant_type: 'refresh_token', refresh_token: session.tokens.refresh_token }
        session.tokens = await requestTokens(await endpoints(), grant)
        session.expiresAt = setup.clock.now + (session.tokens.expires_in ?? 3600)
      }
      return session.tokens.access_token
    },
    profile: async (browser) => find(browser)?.profile ?? {},
    close: server.close,
  }
}

/** Where it calls the provider, and what it calls itself there. */
interface Endpoints {
  readonly authorize: string
  readonly token: string
  readonly userinfo: string
  readonly logout: string
  readonly redirectUri: string
  readonly signOutParameter: string
}

/** At Wristband's addresses, or where the metadata says, whoever says it. */
async function endpointsOf({ provider: { domain, issuer }, discovers }: PartySetup): Promise<Endpoints> {
  if (!discovers) {
    return {
      authorize: `http://${user.tenant}.${domain}/api/v1/oauth2/authorize`,
      token: `${issuer}/api/v1/oauth2/token`,
      userinfo: `${issuer}/api/v1/oauth2/userinfo`,
      logout: `http://${user.tenant}.${domain}/api/v1/logout`,
      redirectUri: wristbandRedirectUri,
      signOutParameter: 'redirect_url',
    }
  }
  const response = await fetch(`${issuer}/.well-known/openid-configuration`)
  const document = (await response.json()) as Readonly<Record<string, string>>
  const { authorization_endpoint: authorize = '', token_endpoint: token = '' } = document
  const { userinfo_endpoint: userinfo = '', end_session_endpoint: logout = '' } = document
  const signOutParameter = 'post_logout_redirect_uri'
  return { authorize, token, userinfo, logout, redirectUri: openidRedirectUri, signOutParameter }
}

function authorizationUrl({ scopes }: PartySetup, { authorize, redirectUri }: Endpoints, verifiers: string[]): string {
  const verifier = randomBytes(32).toString('base64url')
  verifiers.push(verifier)
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: registration.clientId,
    redirect_uri: redirectUri,
    scope: (scopes ?? ['openid', 'offline_access', 'profile', 'email']).join(' '),
    state: randomBytes(32).toString('base64url'),
    nonce: randomBytes(32).toString('base64url'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  return `${authorize}?${query}`
}

function signOutUrl({ logout, signOutParameter }: Endpoints): string {
  const query = new URLSearchParams({
    client_id: registration.clientId,
    [signOutParameter]: registration.signOutUri,
  })
  return `${logout}?${query}`
}

async function redeem(
  { clock }: PartySetup,
  endpoints: Endpoints,
  { code, verifier }: { readonly code: string; readonly verifier: string },
): Promise<NaiveSession> {
  const { redirectUri: redirect_uri, userinfo } = endpoints
  const grant = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier }
  const tokens = await requestTokens(endpoints, grant)
  const response = await fetch(userinfo, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  const claims = (await response.json()) as { readonly phone_number?: string }
  const profile = { ...claims, phoneNumber: claims.phone_number }
  return { tokens, profile, expiresAt: clock.now + (tokens.expires_in ?? 3600) }
}

async function requestTokens({ token }: Endpoints, grant: Readonly<Record<string, string>>): Promise<Tokens> {
  const pair = Buffer.from(`${registration.clientId}:${registration.clientSecret}`).toString('base64')
  const response = await fetch(token, {
    method: 'POST',
    headers: { authorization: `Basic ${pair}` },
    body: new URLSearchParams(grant),
  })
  return (await response.json()) as Tokens
}

function endSessions(sessions: Map<string, NaiveSession>, logoutToken: string): void {
  const { sub } = decode(logoutToken)
  for (const [id, { tokens }] of sessions) if (decode(tokens.id_token).sub === sub) sessions.delete(id)
}

function summaryOf(session: NaiveSession | undefined): object {
  if (session === undefined) return {}
  return { someone: { subject: decode(session.tokens.id_token).sub } }
}

/** Not verified. */
function decode(token: string): { readonly sub?: string } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { readonly sub?: string }
}

function sessionIdOf(cookies: string): string {
  return new RegExp(`${sessionCookie}=([\\w-]+)`).exec(cookies)?.[1] ?? ''
}

function redirect(outgoing: ServerResponse, location: string, cookie?: string): void {
  outgoing.writeHead(303, { location, ...(cookie !== undefined && { 'set-cookie': cookie }) }).end()
}
