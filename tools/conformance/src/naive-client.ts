import { createHash, randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { TestBrowser } from '@latchkey/testkit'
import { type LoopbackServer, listen } from '@latchkey/tool-test-support'
import type { Party, PartySetup } from './party/party.ts'
import { appOrigin, registration, user } from './provider/registration.ts'

const sessionCookie = '__Host-latchkey'
const [redirectUri] = registration.redirectUris

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
    const verifiers: string[] = []
    const server = await listen(async (incoming, outgoing) => {
      const url = new URL(incoming.url ?? '', appOrigin)
      const id = sessionIdOf(incoming.headers.cookie ?? '')
      switch (url.pathname) {
        case '/auth/wristband/login':
          return redirect(outgoing, authorizationUrl(setup, verifiers))
        case '/auth/wristband/callback': {
          const session = await redeem(setup, url.searchParams.get('code') ?? '', verifiers.pop() ?? '')
          const newId = randomBytes(16).toString('base64url')
          sessions.set(newId, session)
          return redirect(outgoing, '/', `${sessionCookie}=${newId}; Max-Age=3600; Path=/; Secure; HttpOnly`)
        }
        case '/auth/session':
          outgoing.end(JSON.stringify({ identities: summaryOf(sessions.get(id)) }))
          return
        case '/auth/logout':
          sessions.delete(id)
          return redirect(outgoing, signOutUrl(setup), `${sessionCookie}=; Max-Age=0; Path=/; Secure; HttpOnly`)
        case '/auth/logout/next':
          return redirect(outgoing, url.searchParams.get('state') ?? '/goodbye')
        default:
          outgoing.writeHead(404).end()
      }
    })
    return runningParty(setup, server, (browser) => sessions.get(sessionIdOf(browser.cookies.header())))
  },
}

function runningParty(
  setup: PartySetup,
  server: LoopbackServer,
  find: (browser: TestBrowser) => NaiveSession | undefined,
): Awaited<ReturnType<Party['start']>> {
  return {
    server: server.origin,
    loginUrl: `${appOrigin}/auth/wristband/login`,
    async accessToken(browser) {
      const session = find(browser)
      if (session === undefined) return null
      if (session.expiresAt - 60 <= setup.clock.now) {
        const grant = { grant_type: 'refresh_token', refresh_token: session.tokens.refresh_token }
        session.tokens = await requestTokens(setup, grant)
        session.expiresAt = setup.clock.now + (session.tokens.expires_in ?? 3600)
      }
      return session.tokens.access_token
    },
    profile: async (browser) => find(browser)?.profile ?? {},
    close: server.close,
  }
}

function authorizationUrl({ provider, scopes }: PartySetup, verifiers: string[]): string {
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
  return `http://${user.tenant}.${provider.domain}/api/v1/oauth2/authorize?${query}`
}

function signOutUrl({ provider }: PartySetup): string {
  const query = new URLSearchParams({ client_id: registration.clientId, redirect_url: registration.signOutUri })
  return `http://${user.tenant}.${provider.domain}/api/v1/logout?${query}`
}

async function redeem(setup: PartySetup, code: string, verifier: string): Promise<NaiveSession> {
  const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
  const tokens = await requestTokens(setup, grant)
  const response = await fetch(`${setup.provider.issuer}/api/v1/oauth2/userinfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  const claims = (await response.json()) as { readonly phone_number?: string }
  const profile = { ...claims, phoneNumber: claims.phone_number }
  return { tokens, profile, expiresAt: setup.clock.now + (tokens.expires_in ?? 3600) }
}

async function requestTokens({ provider }: PartySetup, grant: Readonly<Record<string, string>>): Promise<Tokens> {
  const pair = Buffer.from(`${registration.clientId}:${registration.clientSecret}`).toString('base64')
  const response = await fetch(`${provider.issuer}/api/v1/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${pair}` },
    body: new URLSearchParams(grant),
  })
  return (await response.json()) as Tokens
}

/** Decoded, not verified. */
function summaryOf(session: NaiveSession | undefined): object {
  const payload = session?.tokens.id_token.split('.')[1]
  if (payload === undefined) return {}
  const { sub: subject } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub?: string }
  return { wristband: { subject } }
}

function sessionIdOf(cookies: string): string {
  return new RegExp(`${sessionCookie}=([\\w-]+)`).exec(cookies)?.[1] ?? ''
}

function redirect(outgoing: ServerResponse, location: string, cookie?: string): void {
  outgoing.writeHead(303, { location, ...(cookie !== undefined && { 'set-cookie': cookie }) }).end()
}
