import { inspect } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import type { Session } from '@latchkey/core'
import { deriveSealKey, openBytes } from '@latchkey/core/crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sessionCookies } from '../src/auth.ts'
import { type RunningDemo, signInWithWink, signInWithWristband, startRunningDemo } from './running-demo.ts'
import { openVisitor, type Visitor } from './visitor.ts'
import { openWireTap } from './wire-tap.ts'

const secret = 'an-example-session-secret-that-opens-the-cookie'
const cookieName = sessionCookies.Fastify
const tap = openWireTap()
let demo: RunningDemo
let visitor: Visitor
let session: Session

const request = (): Request => new Request(demo.url, { headers: { cookie: visitor.cookies.header() } })
const tokens = (field?: string): readonly string[] =>
  [...tap.secrets()]
    .filter(([, name]) => (field === undefined ? name.endsWith('_token') : name === field))
    .map(([value]) => value)
/** Every token that was issued, whole, and the parts that nobody else's token has. */
const traces = (): readonly string[] => tokens().flatMap((token) => [token, ...token.split('.').slice(1)])
const tracesIn = (text: string): readonly string[] => traces().filter((trace) => text.includes(trace))

beforeAll(async () => {
  demo = await startRunningDemo({ SESSION_SECRETS: secret }, { fetch: tap.fetch })
  visitor = openVisitor(demo)
  await signInWithWristband(demo, visitor)
  await signInWithWink(demo, visitor)
  session = (await demo.auth.requireSession(request(), { provider: 'wink' })).session
})
afterAll(() => demo.close())

it('has tokens to look for: both providers issued three', () => {
  expect(tokens('access_token')).toHaveLength(2)
  expect(tokens('refresh_token')).toHaveLength(2)
  expect(tokens('id_token')).toHaveLength(2)
  expect(tracesIn(JSON.stringify({ ...session, planted: tokens()[0] }))).not.toEqual([])
})

it('holds both users, so that it is worth to look at', () => {
  expect(Object.keys(session.identities)).toEqual(['wristband', 'wink'])
})

it.each<readonly [string, (value: Session) => string]>([
  ['JSON.stringify', (value) => JSON.stringify(value)],
  ['spread', (value) => JSON.stringify({ ...value, identities: { ...value.identities } })],
  ['structuredClone', (value) => inspect(structuredClone(value), { depth: null })],
  ['v8.serialize', (value) => inspect(deserialize(serialize(value)), { depth: null })],
  ['util.inspect', (value) => inspect(value, { depth: null, showHidden: true, showProxy: true, getters: true })],
  ['String', (value) => `${String(value)} ${String(value.identities)}`],
  ['for…in', (value) => inspect(everyMember(value), { depth: null })],
])('shows no token to %s', (_name, serialise) => {
  const text = serialise(session)
  expect(text).not.toBe('')
  expect(tracesIn(text)).toEqual([])
})

it.each(['/api/me', '/auth/session', '/', '/payroll', '/api/payroll'])('shows no token at %s', async (path) => {
  const visit = await visitor.visit(demo.url + path)
  expect(visit.status).toBe(200)
  expect(tracesIn(visit.text + JSON.stringify([...visit.headers]))).toEqual([])
})

it('shows no token to code that reads a session without a guard', async () => {
  const read = await demo.auth.getSession(request(), { readOnly: true })
  expect(read.session?.id).toBe(session.id)
  expect(tracesIn(inspect(read, { depth: null, showHidden: true }))).toEqual([])
})

it('seals the tokens of Wristband in the cookie; keeps no ID token, and nothing of Wink', async () => {
  const sealed = [cookieName, `${cookieName}.1`, `${cookieName}.2`]
    .map((name) => visitor.cookies.get(name) ?? '')
    .join('')
  expect(tracesIn(sealed)).toEqual([])
  const opened = await openBytes(
    [await deriveSealKey(secret, `latchkey/2/${JSON.stringify(['seal', 'session-4', cookieName])}`)],
    sealed,
  )
  // The segments of a token are kept as the bytes that they stand for.
  const content = Buffer.from(opened?.bytes ?? [])
  const kept = tokens().filter(
    (token) => content.includes(token) || content.includes(Buffer.from(token.split('.').at(-1) ?? '', 'base64url')),
  )
  const { issuer } = demo.emulator.wristband
  expect(new Set(kept.map((token) => tap.secrets().get(token)))).toEqual(new Set(['access_token', 'refresh_token']))
  expect(kept.map((token) => issuerOf(token))).toEqual([issuer, issuer])
})

/** All members at any depth, inherited and unenumerable ones too. */
function everyMember(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const names = new Set<PropertyKey>(Reflect.ownKeys(value))
  for (const name in value) names.add(name)
  return [...names].map((name) => [name, everyMember(Reflect.get(value, name))])
}

function issuerOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')).iss
}
