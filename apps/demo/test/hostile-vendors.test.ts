import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Failure, Faults } from '@latchkey/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sessionCookies } from '../src/auth.ts'
import { problemCode } from './answers.ts'
import { callbackOf } from './running-demo.ts'
import { openVisitor, setCookiesOf, type Visit, type Visitor } from './visitor.ts'
import { startWatchedServer, type WatchedServer } from './watched-server.ts'

const mebibyte = 1024 * 1024
let server: WatchedServer
let elsewhere: Elsewhere

/** An endpoint that our server calls with tokens, and the visit that makes it do so. */
interface Target {
  readonly name: string
  /** Where it is, for a caller of its own. */
  url(): string
  plan(fault: Fault): void
  /** Goes as far as the visit. */
  prepare(visitor: Visitor): Promise<string | URL>
  /** What our server says of an answer that is so. */
  readonly codes: Readonly<Record<'late' | 'lost' | 'large' | 'invalid' | 'redirect', string>>
}

type Fault = <Endpoint extends string>(system: Faults<Endpoint>, endpoint: Endpoint) => void

const begin = (visitor: Visitor, path: string): Promise<Visit> =>
  visitor.visit(`${server.url}/auth/${path}`, { from: server.url })

const targets: readonly Target[] = [
  {
    name: 'the token endpoint of Wristband',
    url: () => `${server.emulator.wristband.url}/api/v1/oauth2/token`,
    plan: (fault) => fault(server.emulator.wristband, 'token'),
    prepare: async (visitor) => callbackOf(visitor, await begin(visitor, 'wristband/login'), 'ada'),
    codes: {
      late: 'core/vendor_timeout',
      lost: 'core/vendor_unreachable',
      large: 'core/vendor_response_too_large',
      invalid: 'oidc/token_response_invalid',
      redirect: 'core/unexpected_redirect',
    },
  },
  {
    name: "Wink's verify-client",
    url: () => `${server.emulator.wink.apiUrl}/api/ConfidentialClient/verify-client`,
    plan: (fault) => fault(server.emulator.wink, 'verify-client'),
    prepare: async (visitor) => callbackOf(visitor, await begin(visitor, 'wink/login'), 'ada'),
    codes: {
      late: 'wink/verification_unavailable',
      lost: 'wink/verification_unavailable',
      large: 'wink/verification_failed',
      invalid: 'wink/verification_failed',
      redirect: 'wink/verification_failed',
    },
  },
  {
    name: "Wink's session API",
    url: () => `${server.emulator.wink.apiUrl}/wink/v1/session`,
    plan: (fault) => fault(server.emulator.wink, 'session'),
    prepare: async () => `${server.url}/auth/wink/login`,
    codes: {
      late: 'wink/session_unavailable',
      lost: 'wink/session_unavailable',
      large: 'wink/session_answer_invalid',
      invalid: 'wink/session_answer_invalid',
      redirect: 'wink/session_answer_invalid',
    },
  },
]

const json = { status: 200, contentType: 'application/json' } as const
const chunk = Buffer.alloc(64 * 1024, ' ')
async function* hundredMebibytes(): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < 100 * mebibyte; sent += chunk.length) yield chunk
}
async function* drops(): AsyncGenerator<Uint8Array> {
  for (;;) {
    yield Buffer.from(' ')
    await wait(100)
  }
}
const answers =
  (failure: Failure): Fault =>
  (system, endpoint) =>
    system.fail(endpoint, failure)

const large: readonly [string, Fault][] = [
  ['100 MB', answers({ ...json, body: hundredMebibytes })],
  [
    '100 MB with their length',
    answers({ ...json, body: hundredMebibytes, headers: { 'content-length': String(100 * mebibyte) } }),
  ],
  [
    'a gzip bomb of 100 MB',
    answers({
      ...json,
      body: Buffer.concat(Array.from({ length: 100 }, () => gzipSync(Buffer.alloc(mebibyte, ' ')))),
      headers: { 'content-encoding': 'gzip' },
    }),
  ],
]
const invalid: readonly [string, Fault][] = [
  ['HTML', answers({ status: 200, contentType: 'text/html', body: '<title>Welcome</title>' })],
  ['half a JSON', answers({ ...json, body: '{"access_token":"' })],
]
const late: readonly Fault[] = [
  answers({ ...json, body: drops }),
  (system, endpoint) => system.slow(endpoint, { forever: true }),
]

beforeAll(async () => {
  server = await startWatchedServer()
  elsewhere = await openElsewhere()
})
afterAll(async () => {
  await elsewhere?.close()
  await server?.close()
})
beforeEach(() => elsewhere.bodies.splice(0))

/** Makes our server meet a fault; the code of its answer. */
async function meet(target: Target, fault: Fault): Promise<string> {
  const visitor = openVisitor(server)
  const address = await target.prepare(visitor)
  target.plan(fault)
  return codeOf(visitor, address)
}

/** The code of a coded refusal without any cookie. */
async function codeOf(visitor: Visitor, address: string | URL): Promise<string> {
  const visit = await visitor.visit(address, { asProgram: true })
  expect([502, 503, 504]).toContain(visit.status)
  expect(setCookiesOf(visit)).toEqual([])
  expect(visitor.cookies.names()).not.toContain(sessionCookies.Fastify)
  return problemCode(visit)
}

describe.each(targets)('$name', (target) => {
  it.each(invalid)('is refused for %s', async (_name, fault) => {
    expect(await meet(target, fault)).toBe(target.codes.invalid)
  })

  it('is refused when it closes the socket', async () => {
    expect(await meet(target, (system, endpoint) => system.loseResponse(endpoint))).toBe(target.codes.lost)
  })

  it('is not followed elsewhere, where a plain fetch takes its body', async () => {
    const toElsewhere: Fault = (system, endpoint) => system.redirect(endpoint, { status: 307, to: elsewhere.url })
    expect(await meet(target, toElsewhere)).toBe(target.codes.redirect)
    expect(elsewhere.bodies).toEqual([])

    target.plan(toElsewhere)
    await fetch(target.url(), { method: 'POST', body: 'an-example-secret' })
    expect(elsewhere.bodies).toEqual(['an-example-secret'])
  })

  it('is cut off when it sends too much, in less than 30 MB of memory', async () => {
    const slightlyLarge = answers({ ...json, body: Buffer.alloc(2 * mebibyte, ' ') })
    for (let warmUp = 0; warmUp < 3; warmUp++) await meet(target, slightlyLarge)
    const before = await server.peakMemory()
    for (const [name, fault] of large) expect(await meet(target, fault), name).toBe(target.codes.large)
    expect((await server.peakMemory()) - before).toBeLessThan(30 * mebibyte)
  })
})

describe('every vendor', () => {
  // At once, for each takes the 5 seconds of the deadline; which of a vendor's faults an attempt meets is all the same.
  it('is given up in time when it drips or never answers', { timeout: 8000 }, async () => {
    const attempts = targets.flatMap((target) => late.map((fault) => ({ target, fault, visitor: openVisitor(server) })))
    const prepared = await Promise.all(attempts.map(({ target, visitor }) => target.prepare(visitor)))
    for (const { target, fault } of attempts) target.plan(fault)
    const codes = await Promise.all(attempts.map(({ visitor }, index) => codeOf(visitor, prepared[index] ?? '')))
    expect(codes).toEqual(attempts.map(({ target }) => target.codes.late))
  })

  it('is welcome again once it behaves', async () => {
    const visitor = openVisitor(server)
    for (const target of targets.slice(0, 2)) await visitor.visit(await target.prepare(visitor))
    const { text: session } = await visitor.visit(`${server.url}/auth/session`, { asProgram: true })
    expect(JSON.parse(session)).toMatchObject({ signedIn: true, identities: { wink: {}, wristband: {} } })
  })
})

/** Another origin: nobody asked it for anything. */
interface Elsewhere {
  readonly url: string
  readonly bodies: string[]
  close(): Promise<void>
}

async function openElsewhere(): Promise<Elsewhere> {
  const bodies: string[] = []
  const listener = createServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(body)
      response.end('{}')
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`,
    bodies,
    async close() {
      listener.closeAllConnections()
      listener.close()
      await once(listener, 'close')
    },
  }
}
