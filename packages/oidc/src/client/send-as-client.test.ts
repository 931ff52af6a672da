import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, type LoopbackServer, startLoopbackServer } from '../../test/loopback.ts'
import { type ClientSecret, clientCredentials, createOidcClient, type OidcClient } from '../index.ts'

const clientId = 'example-client'
const secret = 'a+b%'

let server: LoopbackServer
let answer: (pair: string) => Answer | Promise<Answer>
let now: number

beforeAll(async () => {
  server = await startLoopbackServer(({ headers }) => answer(atob(headers.authorization?.replace('Basic ', '') ?? '')))
})
afterAll(() => server.close())
beforeEach(() => {
  server.requests.length = 0
  now = 1_800_000_000
  answer = decoding
})

const good: Answer = { body: { access_token: 'example-token', token_type: 'bearer', expires_in: 300 } }
const refused: Answer = { status: 401, body: { error: 'invalid_client' } }
let known: string = secret

/** A server that form-decodes both parts, as RFC 6749, section 2.3.1, has it. */
function decoding(pair: string): Answer {
  const decoded = pair.split(':').map((part) => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' '))
    } catch {
      return null
    }
  })
  return decoded[0] === clientId && decoded[1] === known ? good : refused
}

/** A server that compares as it is, as RFC 7617 has it. */
const raw = (pair: string): Answer => (pair === `${clientId}:${known}` ? good : refused)

function createClient(given: ClientSecret): OidcClient {
  const { origin } = server
  return createOidcClient(
    { issuers: [origin], authorizationEndpoint: origin, tokenEndpoint: `${origin}/token`, jwksUri: origin },
    { clientId, clientAuthentication: { kind: 'client_secret_basic', secret: given }, clock: () => now },
  )
}

describe('a client secret that two readings of Basic differ about', () => {
  beforeEach(() => {
    known = secret
  })

  it('is tried the other way after invalid_client, once: 2 tries, then 1', async () => {
    const client = createClient(secret)
    await clientCredentials(client)
    expect(server.requests).toHaveLength(2)
    for (let index = 0; index < 3; index += 1) await clientCredentials(client)
    expect(server.requests).toHaveLength(5)
  })

  it('is sent once to a server that compares it as it is', async () => {
    answer = raw
    const client = createClient(secret)
    await clientCredentials(client)
    await clientCredentials(client)
    expect(server.requests).toHaveLength(2)
  })

  it.each(['a b+c', '100%', 'schlüssel', 'x%2By'])('works at both kinds of server: %s', async (text) => {
    known = text
    await clientCredentials(createClient(text))
    if (/^[\x20-\x7e]*$/.test(text)) {
      answer = raw
      await clientCredentials(createClient(text))
    }
  })
})

it.each(['a-b_c', 'f1b2-11aa_x.~', 'c2VjcmV0/with=base64'])(
  'sends a secret once where both readings are one: %s',
  async (text) => {
    known = 'another'
    const client = createClient(text)
    await expect(clientCredentials(client)).rejects.toMatchObject({ code: 'oidc/client_refused' })
    expect(server.requests).toHaveLength(1)
  },
)

it('is not sent again with the same code once another error than invalid_client came', async () => {
  answer = () => ({ status: 400, body: { error: 'invalid_scope' } })
  await expect(clientCredentials(createClient(['a+b', 'c+d']))).rejects.toMatchObject({ code: 'oidc/grant_refused' })
  expect(server.requests).toHaveLength(1)
})

describe('a client whose secrets are all wrong', () => {
  const attempt = (client: OidcClient) =>
    clientCredentials(client).then(
      () => 'good',
      (error: { readonly code: string }) => error.code,
    )

  it('is refused at once for 30 s: 100 logins in 10 s make 4 tries', async () => {
    answer = () => refused
    const client = createClient(['wrong+1', 'wrong+2'])
    for (let index = 0; index < 100; index += 1) {
      now = 1_800_000_000 + Math.floor(index / 10)
      expect(await attempt(client)).toBe('oidc/client_refused')
    }
    expect(server.requests).toHaveLength(4)
    now = 1_800_000_000 + 30
    expect(await attempt(client)).toBe('oidc/client_refused')
    expect(server.requests).toHaveLength(8)
  })

  it('makes 4 tries for 100 logins at once, too: one finds out for all', async () => {
    answer = () => refused
    const client = createClient(['wrong+1', 'wrong+2'])
    const codes = await Promise.all(Array.from({ length: 100 }, () => attempt(client)))
    expect(new Set(codes)).toEqual(new Set(['oidc/client_refused']))
    expect(server.requests).toHaveLength(4)
  })

  it('is asked again after the pause, and remembers what works then', async () => {
    answer = () => refused
    const client = createClient(secret)
    expect(await attempt(client)).toBe('oidc/client_refused')
    known = secret
    answer = decoding
    expect(await attempt(client)).toBe('oidc/client_refused')
    now += 30
    expect([await attempt(client), await attempt(client)]).toEqual(['good', 'good'])
    expect(server.requests).toHaveLength(2 + 2 + 1)
  })
})

it('holds nobody back longer than the first request takes, whatever becomes of it', async () => {
  let asked = 0
  answer = () => {
    asked += 1
    return asked === 1 ? { status: 500, body: {} } : good
  }
  const client = createClient('plain')
  const ends = await Promise.allSettled([
    clientCredentials(client),
    clientCredentials(client),
    clientCredentials(client),
  ])
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
})
