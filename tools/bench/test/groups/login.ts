import { deriveSealKey, seal } from '@latchkey/core/crypto'
import { createWristbandClient } from '@latchkey/core-wristband'
import { CodeChallengeMethod, generateCodeVerifier, generateState, OAuth2Client } from 'arctic'
import * as openid from 'openid-client'
import type { Candidate, Operation, Work } from '../../src/harness/measure.ts'
import { startLoginFloor } from '../floors/login.ts'
import { createSealFloor } from '../floors/session.ts'
import { createOfficialAuth } from './official.ts'
import { reference } from './reference.ts'
import { createReferenceAuth } from './reference-app.ts'

const { clientId, clientSecret, domain, issuer, origin, secret } = reference
const redirectUri = `${origin}/auth/wristband/callback`
const endpoint = `https://acme-${domain}/api/v1/oauth2/authorize`
const scopes = ['openid', 'offline_access', 'email']
const { seal: sealState } = createSealFloor(Buffer.from(secret, 'base64url'))

/** A redirect, and the value of the cookie that remembers the login. */
interface Begun {
  readonly url: string | URL
  readonly cookie: string
}

/** What must be in every address; the random values differ. */
function read({ url, cookie }: Begun): object {
  const { origin: to, pathname, searchParams } = new URL(url)
  const fixed = ['response_type', 'client_id', 'redirect_uri', 'code_challenge_method']
  const isWhole = cookie.length > 100 && (searchParams.get('state') ?? '').length > 20
  return { to: to + pathname, isWhole, ...Object.fromEntries(fixed.map((name) => [name, searchParams.get(name)])) }
}

const candidate = (kind: Candidate['kind'], name: string, prepare: () => Work | Promise<Work>): Candidate => ({
  kind,
  name,
  prepare: async () => ({ read, ...(await prepare()) }),
})

const floor = candidate('floor', 'floor', () => {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    code_challenge_method: 'S256',
  })
  const prefix = `${endpoint}?${query.toString()}`
  const run = (): Begun => {
    const { url, transaction } = startLoginFloor(prefix)
    return { url, cookie: sealState({ ...transaction, redirectUri, returnTo: '/', issuedAt: Date.now() }) }
  }
  return { run }
})

const client = candidate('ours', 'latchkey client and seal', async () => {
  const wristband = createWristbandClient({ clientId, clientSecret, applicationDomain: domain, scopes })
  const key = await deriveSealKey(secret, 'bench')
  const options = { tenant: { name: 'acme' }, redirectUri, returnTo: '/' }
  const run = async (): Promise<Begun> => {
    const { url, transaction } = await wristband.startLogin(options)
    return { url, cookie: await seal(key, JSON.stringify(transaction)) }
  }
  return { run }
})

const loginRequest = (): Request =>
  new Request(`${origin}/auth/wristband/login?return_url=/`, {
    headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' },
  })

/** `handle` of an app, with what its framework hands over. */
const handled = (name: string, handedOver: () => Request): Candidate =>
  candidate('ours', name, () => {
    const auth = createReferenceAuth()
    const readResponse = (response: Response): object =>
      read({ url: response.headers.get('location') ?? '', cookie: response.headers.get('set-cookie') ?? '' })
    return { run: () => auth.handle(handedOver()), read: readResponse }
  })

// A framework such as Next has made its Request by itself, and no other row makes one.
const request = loginRequest()
const handle = handled('latchkey handle', () => request)
const handleAndRequest = handled('latchkey handle, and to make its Request', loginRequest)

const arctic = candidate('peer', 'arctic', () => {
  const oauth = new OAuth2Client(clientId, clientSecret, redirectUri)
  const run = (): Begun => {
    const [state, verifier] = [generateState(), generateCodeVerifier()]
    const url = oauth.createAuthorizationURLWithPKCE(endpoint, state, CodeChallengeMethod.S256, verifier, scopes)
    return { url, cookie: sealState({ state, verifier, redirectUri, returnTo: '/', issuedAt: Date.now() }) }
  }
  return { run }
})

const openidClient = candidate('peer', 'openid-client', () => {
  const configuration = new openid.Configuration({ issuer, authorization_endpoint: endpoint }, clientId, clientSecret)
  const run = async (): Promise<Begun> => {
    const [state, nonce, verifier] = [openid.randomState(), openid.randomNonce(), openid.randomPKCECodeVerifier()]
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: scopes.join(' '),
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    })
    return { url, cookie: sealState({ state, nonce, verifier, redirectUri, returnTo: '/', issuedAt: Date.now() }) }
  }
  return { run }
})

const official = candidate('official', '@wristband/express-auth', () => {
  const auth = createOfficialAuth(domain, redirectUri)
  const run = async (): Promise<Begun> => {
    const cookies: string[] = []
    const headers = { host: 'app.example', cookie: '' }
    const request = { headers, query: { tenant_domain: 'acme', return_url: '/' }, cookies: {} }
    const response = {
      header: () => response,
      getHeader: () => [],
      append: (_name: string, value: string) => cookies.push(value),
      cookie: (_name: string, value: string) => cookies.push(value),
      setHeader: (_name: string, value: string) => cookies.push(value),
    }
    const url = await auth.login(request, response)
    return { url, cookie: cookies.join() }
  }
  return { run }
})

/** A sign-in that begins: its address, and the cookie that remembers it. */
export const operations: readonly Operation[] = [
  {
    operation: 'login, core',
    goal: 'client ≤ 2.5 ×, `handle` ≤ 4.5 × the floor',
    expected: {
      to: endpoint,
      isWhole: true,
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code_challenge_method: 'S256',
    },
    candidates: [floor, client, handle, handleAndRequest, arctic, openidClient, official],
  },
]
