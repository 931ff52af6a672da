import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { type LoopbackServer, listen } from '@latchkey/tool-test-support'

/** How refreshes of a user are answered. Only a slow or a good one rotates. */
export type Mood = 'good' | 'slow' | 'dripping' | 'busy' | 'silent'

/** An OpenID provider that signs in whoever is hinted at, and ends a login whose refresh token it sees twice. */
export interface Vendor {
  readonly issuer: string
  /** Refreshes that were asked for, and those that were refused because their token had been used. */
  readonly refreshes: { asked(subject: string): number; refused(): number }
  /** From now on, for the users whose names begin with this; `good` again by default. */
  treat(prefix: string, mood?: Mood): void
  /** Called once, when a refresh of this user is asked for or has been decided; its answer waits. */
  once(subject: string, moment: 'asked' | 'decided', listener: () => unknown): void
  /** Is gone for a moment, and has new keys alone then. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** How this app is registered there. */
export const client = { id: 'example-client', secret: 'an-example-secret-of-the-client' } as const

/** Seconds that access tokens of a user live: short for those who are to be refreshed, `long-…` is not. */
const tokenSeconds = (subject: string): number => (subject.startsWith('long') ? 86_000 : 40)

interface Family {
  readonly subject: string
  generation: number
  isRevoked: boolean
}

/** Starts the vendor, which goes by this clock. */
export async function startVendor(clock: () => number): Promise<Vendor> {
  const families = new Map<string, Family>()
  const moods = new Map<string, Mood>()
  const listeners = new Map<string, () => unknown>()
  const asked = new Map<string, number>()
  let refused = 0
  let key = createKey()
  let server: LoopbackServer = await listen(answer)
  const issuer = server.origin

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '', issuer)
    if (url.pathname === '/authorize') return authorize(url.searchParams, incoming, outgoing)
    if (url.pathname === '/token') return token(new URLSearchParams(await text(incoming)), outgoing)
    send(outgoing, url.pathname === '/keys' ? { keys: [key.jwk] } : documentOf(issuer))
  }

  function authorize(query: URLSearchParams, incoming: IncomingMessage, outgoing: ServerResponse): void {
    const subject = query.get('login_hint') ?? /user=([^;]+)/.exec(incoming.headers.cookie ?? '')?.[1] ?? ''
    const code = Buffer.from(JSON.stringify({ subject, nonce: query.get('nonce') })).toString('base64url')
    const back = new URL(query.get('redirect_uri') ?? '')
    back.search = new URLSearchParams({ code, state: query.get('state') ?? '', iss: issuer }).toString()
    outgoing.writeHead(302, { location: back.href, 'set-cookie': `user=${subject}` }).end()
  }

  async function token(form: URLSearchParams, outgoing: ServerResponse): Promise<void> {
    const code = form.get('code')
    if (code !== null) {
      const { subject, nonce } = JSON.parse(Buffer.from(code, 'base64url').toString()) as Record<string, string>
      const id = randomUUID()
      const family = { subject: subject ?? '', generation: 0, isRevoked: false }
      families.set(id, family)
      return send(outgoing, tokensOf(id, family, nonce))
    }
    const [id = '', generation = ''] = form.get('refresh_token')?.split('.') ?? []
    const family = families.get(id)
    if (family === undefined) return send(outgoing, { error: 'invalid_grant' }, 400)
    const { subject } = family
    asked.set(subject, (asked.get(subject) ?? 0) + 1)
    await tell(subject, 'asked')
    // Whoever has hung up meanwhile has asked for nothing.
    if (outgoing.destroyed || !(await endures(moodOf(subject), outgoing))) return
    family.isRevoked ||= Number(generation) !== family.generation
    if (family.isRevoked) {
      refused++
      return send(outgoing, { error: 'invalid_grant' }, 400)
    }
    family.generation++
    await tell(subject, 'decided')
    send(outgoing, tokensOf(id, family))
  }

  async function tell(subject: string, moment: string): Promise<void> {
    const listener = listeners.get(`${moment} ${subject}`)
    listeners.delete(`${moment} ${subject}`)
    await listener?.()
  }
  const moodOf = (subject: string): Mood => [...moods].find(([prefix]) => subject.startsWith(prefix))?.[1] ?? 'good'

  function tokensOf(id: string, { subject, generation }: Family, nonce?: string): object {
    const now = clock()
    const claims = { iss: issuer, aud: client.id, sub: subject, iat: now, exp: now + 300, auth_time: now, nonce }
    return {
      access_token: `${subject}.${generation}`,
      refresh_token: `${id}.${generation}`,
      id_token: key.sign(claims),
      token_type: 'bearer',
      expires_in: tokenSeconds(subject),
    }
  }

  return {
    issuer,
    refreshes: { asked: (subject) => asked.get(subject) ?? 0, refused: () => refused },
    treat: (prefix, mood = 'good') => void moods.set(prefix, mood),
    once: (subject, moment, listener) => void listeners.set(`${moment} ${subject}`, listener),
    async restart() {
      await server.close()
      await wait(500)
      key = createKey()
      server = await listen(answer, undefined, server.port)
    },
    close: () => server.close(),
  }
}

/** Whether a refresh is then answered as usual. */
async function endures(mood: Mood, outgoing: ServerResponse): Promise<boolean> {
  if (mood === 'busy') outgoing.writeHead(429, { 'retry-after': '5' }).end()
  if (mood === 'slow') await wait(3000)
  if (mood === 'dripping') {
    outgoing.writeHead(200, { 'content-type': 'application/json' }).write('{')
    const timer = setInterval(() => outgoing.write(' '), 200)
    outgoing.once('close', () => clearInterval(timer))
  }
  return mood === 'good' || mood === 'slow'
}

const documentOf = (issuer: string): object => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['ES256'],
})

function send(outgoing: ServerResponse, body: object, status = 200): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  outgoing.end(JSON.stringify(body))
}

function createKey(): { readonly jwk: object; sign(claims: object): string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = randomUUID()
  return {
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' },
    sign: (claims) => signed({ alg: 'ES256', kid }, claims, privateKey),
  }
}

function signed(header: object, claims: object, key: KeyObject): string {
  const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}
