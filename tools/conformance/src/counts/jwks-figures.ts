import { authorizationRequest, createOidcClient, exchangeCode, type OidcClient } from '@latchkey/oidc'
import { createJwks, type Jwks, verifyJwt } from '@latchkey/oidc/verify'
import { type Clock, startClock } from '../clock.ts'
import { openBrowser } from '../open-browser.ts'
import { appOrigin, registration, user } from '../provider/registration.ts'
import { rsaKey, type SigningKey, signToken } from '../provider/signing-keys.ts'
import { type Provider, startProvider } from '../provider/start-provider.ts'
import type { Figure } from './figure.ts'
import { startKeyServer } from './key-server.ts'

const issuer = 'https://login.example'

/** How often the keys of a provider are fetched, counted at the provider. */
export async function jwksFigures(): Promise<readonly Figure[]> {
  return [
    await coldStart(),
    ...(await flood()),
    await rotations(),
    await removedKey(),
    await staleKeys(),
    await sharedKeyId(),
  ]
}

async function coldStart(): Promise<Figure> {
  const clock = startClock()
  const server = await startKeyServer({ 'key-1': rsaKey(0) })
  const jwks = createJwks({ jwksUri: server.jwksUri, clock: () => clock.now })
  const token = tokenBy(rsaKey(0), 'key-1', clock)
  const accepted = await countAccepted(Array.from({ length: 1000 }, () => accepts(token, { jwks, clock })))
  await server.close()
  return {
    name: 'cold start: 1,000 verifications at once',
    counted: `${server.fetches} fetch, ${accepted} accepted`,
    required: '1 fetch, 1000 accepted',
    holds: server.fetches === 1 && accepted === 1000,
  }
}

/** 10,000 tokens whose `kid` nobody knows, in 10 seconds; good tokens in between; and a login with a new key after them. */
async function flood(): Promise<readonly Figure[]> {
  const clock = startClock()
  const provider = await startProvider(clock)
  const client = createClient(provider, clock)
  const login: Verifier = { jwks: client.jwks, clock, by: provider.issuer }
  const good = await signIn(client)
  const fetchesBefore = provider.journal.count('jwks')
  let refused = 0
  let accepted = 0
  for (let round = 0; round < 100; round++) {
    const tokens = Array.from({ length: 100 }, () => tokenOfNobody(provider.issuer, clock))
    const verdicts = tokens.map((token) => accepts(token, login))
    refused += 100 - (await countAccepted(verdicts))
    if (await accepts(good, login)) accepted += 1
    if (round % 10 === 9) clock.now += 1
  }
  const fetches = provider.journal.count('jwks') - fetchesBefore
  provider.rotateKeys()
  const verdict = await signIn(client).then(
    () => 'accepted',
    () => 'refused',
  )
  await provider.close()
  return [
    {
      name: '10,000 tokens of unknown kid in 10 s',
      counted: `${fetches} fetches, ${refused} refused`,
      required: '4 fetches at most, 10000 refused',
      holds: fetches <= 4 && refused === 10_000,
    },
    {
      name: 'good tokens meanwhile',
      counted: `${accepted} of 100 accepted`,
      required: '100 of 100 accepted',
      holds: accepted === 100,
    },
    {
      name: 'a login with a rotated key right after that flood',
      counted: verdict,
      required: 'accepted',
      holds: verdict === 'accepted',
    },
  ]
}

async function rotations(): Promise<Figure> {
  const clock = startClock()
  const provider = await startProvider(clock)
  const client = createClient(provider, clock)
  const jwks = createJwks({ jwksUri: `${provider.issuer}/api/v1/oauth2/jwks`, clock: () => clock.now })
  const api: Verifier = { jwks, clock, by: provider.issuer }
  const verdicts: boolean[] = []
  for (const _login of ['first key', 'second key', 'third key']) {
    const accessToken = await signIn(client)
    verdicts.push(await accepts(accessToken, api))
    provider.rotateKeys()
    clock.now += 20
  }
  const fetches = provider.journal.count('jwks')
  await provider.close()
  const accepted = verdicts.filter(Boolean).length
  return {
    name: 'keys rotated twice within a minute, for logins and for an API',
    counted: `3 logins and ${accepted} bearer tokens accepted at once, ${fetches} fetches`,
    required: '3 and 3, 6 fetches',
    holds: accepted === 3 && fetches === 6,
  }
}

async function removedKey(): Promise<Figure> {
  const lives = await lastAcceptedAge((server) => server.publish({ 'key-2': rsaKey(1) }), [1, 299, 599, 600, 601])
  return {
    name: 'a removed key, while the endpoint answers',
    counted: `accepted ${lives} s after, refused from then on`,
    required: 'under 600 s',
    holds: lives < 600,
  }
}

async function staleKeys(): Promise<Figure> {
  const lives = await lastAcceptedAge((server) => server.fail(), [599, 600, 1800, 3599, 3600, 3601, 7200])
  return {
    name: 'cached keys, while the endpoint fails',
    counted: `accepted ${lives} s after, refused from then on`,
    required: 'under 3600 s, and beyond 600 s',
    holds: lives < 3600 && lives >= 600,
  }
}

/** How long a token goes on being accepted after a change at the server: each age is tried with a cache of its own. */
async function lastAcceptedAge(
  change: (server: Awaited<ReturnType<typeof startKeyServer>>) => void,
  ages: readonly number[],
): Promise<number> {
  let last = 0
  for (const age of ages) {
    const clock = startClock()
    const server = await startKeyServer({ 'key-1': rsaKey(0) })
    const jwks = createJwks({ jwksUri: server.jwksUri, clock: () => clock.now })
    const token = tokenBy(rsaKey(0), 'key-1', clock)
    if (!(await accepts(token, { jwks, clock }))) throw new Error('the token is not good to begin with')
    change(server)
    clock.now += age
    if (await accepts(token, { jwks, clock })) last = age
    await server.close()
  }
  return last
}

async function sharedKeyId(): Promise<Figure> {
  const clock = startClock()
  const servers = [await startKeyServer({ shared: rsaKey(0) }), await startKeyServer({ shared: rsaKey(1) })]
  const caches = servers.map(({ jwksUri }) => createJwks({ jwksUri, clock: () => clock.now }))
  const verdicts = await Promise.all(
    caches.flatMap((jwks, mine) =>
      [0, 1].map(async (signer) => {
        const isAccepted = await accepts(tokenBy(rsaKey(signer), 'shared', clock), { jwks, clock })
        return isAccepted === (signer === mine)
      }),
    ),
  )
  await Promise.all(servers.map((server) => server.close()))
  const mixed = verdicts.filter((isRight) => !isRight).length
  return {
    name: 'two issuers that share a kid',
    counted: `${mixed} of 4 verdicts mixed up`,
    required: '0 of 4',
    holds: mixed === 0,
  }
}

interface Verifier {
  readonly jwks: Jwks
  readonly clock: Clock
  readonly by?: string
}

async function accepts(token: string, { jwks, clock, by = issuer }: Verifier): Promise<boolean> {
  return verifyJwt(token, { jwks, issuers: [by], clock: () => clock.now }).then(
    () => true,
    () => false,
  )
}

async function countAccepted(verdicts: readonly Promise<boolean>[]): Promise<number> {
  return (await Promise.all(verdicts)).filter(Boolean).length
}

function tokenBy(key: SigningKey, kid: string, { now }: Clock): string {
  const claims = { iss: issuer, sub: 'ada', iat: now, exp: now + 86_400 }
  return signToken(claims, { method: 'RS256', key, kid, secret: '', type: 'at+JWT' })
}

/** Well formed, of the right issuer, under a `kid` and a signature that are noise. */
function tokenOfNobody(iss: string, { now }: Clock): string {
  const header = { alg: 'RS256', typ: 'at+JWT', kid: crypto.randomUUID() }
  const parts = [header, { iss, sub: 'eve', iat: now, exp: now + 300 }].map((part) => JSON.stringify(part))
  const signature = crypto.getRandomValues(new Uint8Array(256))
  return [...parts.map((part) => Buffer.from(part)), Buffer.from(signature)]
    .map((bytes) => bytes.toString('base64url'))
    .join('.')
}

function createClient({ issuer: own, domain }: Provider, clock: Clock): OidcClient {
  const endpoint = (name: string): string => `${own}/api/v1/oauth2/${name}`
  return createOidcClient(
    {
      issuers: [own],
      authorizationEndpoint: `http://${user.tenant}.${domain}/api/v1/oauth2/authorize`,
      tokenEndpoint: endpoint('token'),
      jwksUri: endpoint('jwks'),
    },
    {
      clientId: registration.clientId,
      clientAuthentication: { kind: 'client_secret_basic', secret: registration.clientSecret },
      clock: () => clock.now,
    },
  )
}

/** A whole login. Gives its access token. */
async function signIn(client: OidcClient): Promise<string> {
  const [redirectUri] = registration.redirectUris
  const { url, transaction } = await authorizationRequest(client, { redirectUri, scopes: ['openid'] })
  const { location } = await openBrowser(appOrigin).open(url)
  const result = await exchangeCode(client, location ?? url, transaction)
  if (result.kind === 'refused') throw new Error(`the login was refused: ${result.error}`)
  return result.tokens.accessToken
}
