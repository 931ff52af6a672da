import type { IncomingMessage, ServerResponse } from 'node:http'
import { listen } from '@latchkey/tool-test-support'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach } from 'vitest'

/** The time of every test. */
export const now = 1_900_000_000
export const clientId = 'winkwallet'
export const clientSecret = 'example-sécret+%'
export const subject: string = '7d1c4f2e-0000-4000-8000-000000000001'
export const tag = ';stage-t'

/** verify-client's answer as the vendor documents it, with the field that only its types admit. */
export const profile: Readonly<Record<string, string>> = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  contactNo: '(875) 945-3854',
  email: 'ada@example.com',
  winkTag: tag,
  winkToken: subject,
  dateOfBirth: '**/**/1983',
  expiryTime: '2030-03-17T17:51:40Z',
  clientSecret: 'canary-secret-of-the-answer',
}

export interface RecordedRequest {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
export type Answer = (response: ServerResponse, request: RecordedRequest) => void | Promise<void>
type Claims = Record<string, unknown>

const endpoints = ['session', 'verify-client', 'token', 'certs', 'logout'] as const
type Endpoint = (typeof endpoints)[number]

/** A server on a loopback socket that answers as Wink does, until a test says otherwise. */
export interface WinkStandIn extends AsyncDisposable {
  readonly url: string
  readonly issuer: string
  readonly requests: RecordedRequest[]
  /** Replaced by tests, by path. */
  readonly answers: Record<Endpoint, Answer>
  accessToken(claims?: Claims, signing?: Signing): Promise<string>
  idToken(claims?: Claims, signing?: Signing): Promise<string>
  /** What the token endpoint hands out next. */
  tokens(tokens: { accessToken?: string; idToken?: string }): void
  to(name: Endpoint): RecordedRequest[]
}
interface Signing {
  readonly key?: CryptoKey
  readonly header?: Partial<JWTHeaderParameters>
}

/** RSA pairs take long to make: those of one process share theirs. */
const pair = generateKeyPair('RS256')

/** Gives a file a stand-in before its tests. Before each of them it has heard of nothing, and answers as Wink does. */
export function standInForWink(receive: (wink: WinkStandIn) => void): void {
  let wink: WinkStandIn
  let asWink: WinkStandIn['answers']
  beforeAll(async () => {
    wink = await startWink()
    asWink = { ...wink.answers }
    receive(wink)
  })
  beforeEach(() => {
    wink.requests.length = 0
    Object.assign(wink.answers, asWink)
  })
  afterAll(() => wink[Symbol.asyncDispose]())
}

/** Starts one that its caller ends. */
export async function startWink(): Promise<WinkStandIn> {
  const { privateKey, publicKey } = await pair
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }
  const requests: RecordedRequest[] = []
  const answers: WinkStandIn['answers'] = {
    session: (response) => json(response, { sessionId: 'f0e1d2c3-0000-4000-8000-00000000abcd' }),
    'verify-client': (response) => json(response, profile),
    token: (response) => json(response, { error: 'invalid_grant' }, 400),
    certs: (response) => json(response, { keys: [jwk] }),
    logout: (response) => json(response, { error: 'not_found' }, 404),
  }
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks = (await incoming.toArray()) as Buffer[]
    const path = incoming.url ?? ''
    const request = { path, headers: incoming.headers, body: Buffer.concat(chunks).toString() }
    requests.push(request)
    const name = endpoints.findLast((endpoint) => path.split(/[/?]/).includes(endpoint))
    if (name === undefined) json(response, { error: 'not_found' }, 404)
    else await answers[name](response, request)
  }
  const server = await listen(answer)
  const url = server.origin
  const issuer = `${url}/realms/wink`

  function sign(claims: Claims, { key = privateKey, header }: Signing = {}): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'JWT', ...header }).sign(key)
  }
  const common = {
    iss: issuer,
    sub: subject,
    azp: clientId,
    iat: now,
    exp: now + 300,
    sid: 'sid-1',
    preferred_username: tag,
  }
  const standIn: WinkStandIn = {
    url,
    issuer,
    requests,
    answers,
    accessToken: (claims, signing) => sign({ ...common, aud: 'account', typ: 'Bearer', ...claims }, signing),
    idToken: (claims, signing) =>
      sign({ ...common, aud: [clientId, 'account'], typ: 'ID', auth_time: 0, ...claims }, signing),
    tokens({ accessToken, idToken }) {
      answers.token = (response) =>
        json(response, {
          access_token: accessToken,
          id_token: idToken,
          refresh_token: 'canary-refresh-token',
          token_type: 'Bearer',
          expires_in: 300,
          scope: 'openid',
        })
    },
    to: (name) => requests.filter(({ path }) => path.split(/[/?]/).includes(name)),
    [Symbol.asyncDispose]: () => server.close(),
  }
  return standIn
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

export function html(response: ServerResponse, status: number): void {
  response
    .writeHead(status, { 'content-type': 'text/html' })
    .end('<html><title>Microsoft-Azure-Application-Gateway</title></html>')
}
