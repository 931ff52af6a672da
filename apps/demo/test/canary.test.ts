import type { EmulatedWink, EmulatedWristband } from '@latchkey/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sessionCookies } from '../src/auth.ts'
import {
  type RunningDemo,
  reachWinkCallback,
  reachWristbandCallback,
  signInWithWink,
  signInWithWristband,
  startRunningDemo,
} from './running-demo.ts'
import { openVisitor, type Visit, type Visitor } from './visitor.ts'
import { openWireTap } from './wire-tap.ts'

const sessionSecret = 'an-example-session-secret-that-is-a-canary'
const vendorText = 'text-of-the-vendor-that-no-page-may-repeat'
const tap = openWireTap()
const visits: Visit[] = []
/** What a browser carried: values of cookies, and what addresses held. */
const carried = new Map<string, string>()
let demo: RunningDemo
let visitor: Visitor

const secretParameters = ['code', 'state', 'nonce', 'sessionId', 'session_state', 'jwtToken']

function watch(visit: Visit): void {
  visits.push(visit)
  for (const line of visit.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value !== '') carried.set(value, `cookie ${name}`)
  }
  for (const name of secretParameters) {
    const value = visit.location?.searchParams.get(name)
    // The error page is given the code of an error.
    if (value && !/^[a-z]+\/[a-z_]+$/.test(value)) carried.set(value, name)
  }
}

/** Everything that must not be seen, with its name. */
function secrets(): ReadonlyMap<string, string> {
  const { wristband, wink, wise } = demo.emulator
  return new Map([
    ...tap.secrets(),
    ...carried,
    [wristband.clientSecret, 'client secret of Wristband'],
    [wink.clientSecret, 'client secret of Wink'],
    [wise.jwtTokenSecret, 'secret of Wise'],
    [sessionSecret, 'session secret'],
    [vendorText, 'text of a vendor'],
  ])
}

/** The names of the secrets in a text, be they written as they are, for a URL or in base64. */
function secretsIn(text: string): readonly string[] {
  const found = [...secrets()].filter(([secret]) =>
    [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64url').slice(0, -2)].some((form) =>
      text.includes(form),
    ),
  )
  return [...new Set(found.map(([, name]) => name))]
}

const journals = (): string =>
  JSON.stringify([demo.emulator.wristband, demo.emulator.wink, demo.emulator.wise].map(({ journal }) => [...journal]))

beforeAll(async () => {
  demo = await startRunningDemo({ SESSION_SECRETS: sessionSecret }, { fetch: tap.fetch })
  visitor = openVisitor(demo, watch)
  await walkThroughTheJourney()
  await beRefused()
  await meetFailingVendors()
  await knockOnWrongDoors()
})
afterAll(() => demo.close())

async function walkThroughTheJourney(): Promise<void> {
  await visitor.visit(demo.url)
  await signInWithWristband(demo, visitor)
  await visitor.visit(`${demo.url}/payroll`)
  await signInWithWink(demo, visitor)
  for (const path of ['/', '/payroll', '/api/me', '/api/payroll', '/auth/session']) await visitor.visit(demo.url + path)
  await visitor.follow(await visitor.visit(`${demo.url}/auth/wise/launch`, { form: { path: '/student/classes' } }))
  await visitor.follow(await visitor.visit(`${demo.url}/auth/logout`, { form: {} }))
}

/** Both as a user on a page and as a program, for each is answered differently. */
async function openBothWays(reach: () => Promise<URL>, plan: () => void = () => {}): Promise<void> {
  for (const asProgram of [false, true]) {
    plan()
    const callback = await reach()
    await visitor.follow(await visitor.visit(callback, { asProgram }))
    demo.emulator.wristband.clearFaults()
    demo.emulator.wink.clearFaults()
  }
}

const wristbandCallback = (): Promise<URL> => reachWristbandCallback(demo, visitor)
const winkCallback = (): Promise<URL> => reachWinkCallback(demo, visitor)

async function beRefused(): Promise<void> {
  const { wristband, wink } = demo.emulator
  for (const mutation of ['missing', 'bad-signature', 'alg-none', 'wrong-nonce', 'expired', 'wrong-sub'] as const) {
    await openBothWays(wristbandCallback, () => wristband.mutateIdToken(mutation))
    await openBothWays(winkCallback, () => wink.mutateIdToken(mutation))
  }
  await openBothWays(wristbandCallback, () => wristband.codeOfTenant('evil'))
  await openBothWays(wristbandCallback, () => wristband.mutateUserinfo('wrong-sub'))
  await openBothWays(winkCallback, () => wink.mutateProfile('wrong-token'))
  await openBothWays(winkCallback, () => wink.mutateAccessToken('wrong-azp'))
  for (const reach of [wristbandCallback, winkCallback]) {
    await openBothWays(async () => changed(await reach(), (query) => query.append('code', 'another')))
    await openBothWays(async () => changed(await reach(), (query) => query.set('state', `${query.get('state')}A`)))
    await openBothWays(async () => changed(await reach(), (query) => query.set('code', `${query.get('code')}A`)))
    await openBothWays(async () =>
      changed(await reach(), (query) => {
        query.delete('code')
        query.set('error', vendorText)
        query.set('error_description', vendorText)
      }),
    )
  }
  // Bob's face on Ada's session.
  await signInWithWristband(demo, visitor)
  await openBothWays(() => reachWinkCallback(demo, visitor, 'bob'))
  await openBothWays(() => reachWinkCallback(demo, visitor, 'ada'))
}

function changed(callback: URL, change: (query: URLSearchParams) => void): URL {
  change(callback.searchParams)
  return callback
}

/** Vendors that fail and put into their answer all that they were sent. */
async function meetFailingVendors(): Promise<void> {
  const { wristband, wink } = demo.emulator
  for (const [status, type] of [
    [400, 'application/json'],
    [401, 'application/json'],
    [500, 'text/html'],
    [200, 'application/json'],
  ] as const) {
    const echo = { status, contentType: type, times: 2, body: () => echoed(type) }
    for (const endpoint of ['token', 'userinfo'] as const) {
      await openBothWays(wristbandCallback, () => wristband.fail(endpoint, echo))
    }
    for (const endpoint of ['token', 'verify-client'] as const) {
      await openBothWays(winkCallback, () => wink.fail(endpoint, echo))
    }
    wink.fail('session', echo)
    await visitor.follow(await visitor.visit(`${demo.url}/auth/wink/login`))
    wink.clearFaults()
  }
  const breakdowns: readonly ((vendor: EmulatedWristband | EmulatedWink) => void)[] = [
    (vendor) => vendor.redirect('token', { status: 307, to: 'http://127.0.0.1:1/elsewhere' }),
    (vendor) => vendor.loseResponse('token'),
  ]
  for (const breakDown of breakdowns) {
    await openBothWays(wristbandCallback, () => breakDown(wristband))
    await openBothWays(winkCallback, () => breakDown(wink))
  }
}

async function* echoed(type: string): AsyncIterable<Uint8Array> {
  const text = `${vendorText} ${tap.lastRequest()}`
  yield Buffer.from(type === 'text/html' ? `<p>${text}</p>` : JSON.stringify({ error: text, error_description: text }))
}

/** Requests with a good code that no route, or no route of this method, takes. */
async function knockOnWrongDoors(): Promise<void> {
  const { pathname, search } = await wristbandCallback()
  for (const method of ['HEAD', 'POST', 'PUT', 'OPTIONS']) {
    await visitor.visit(demo.url + pathname + search, { method })
  }
  for (const path of [`${pathname}/`, pathname.toUpperCase(), `/${pathname}`, `${pathname}%2f`, '/auth/nowhere']) {
    await visitor.visit(demo.url + path + search)
  }
}

describe('what a run of everything leaves behind', () => {
  it('is enough to search: all kinds of secrets were in play, and most things went wrong', () => {
    const names = new Set(secrets().values())
    for (const name of ['code', 'code_verifier', 'state', 'nonce', 'access_token', 'refresh_token', 'id_token']) {
      expect(names).toContain(name)
    }
    expect([...names]).toEqual(
      expect.arrayContaining(['jwtToken', `cookie ${sessionCookies.Fastify}`, 'authorization']),
    )
    expect(new Set(demo.events.map((event) => ('code' in event ? event.code : event.type))).size).toBeGreaterThan(15)
    expect(demo.log().length).toBeGreaterThan(10_000)
  })

  it('finds a secret that is planted in page, log and event', async () => {
    const probe = await startRunningDemo()
    const [code = ''] = [...secrets()].find(([, name]) => name === 'code') ?? []
    const page = await openVisitor(probe).visit(`${probe.url}/error?code=${encodeURIComponent(code)}`)
    expect(secretsIn(page.text)).toEqual(['code'])
    expect(secretsIn(probe.log())).toEqual(['code'])
    expect(secretsIn(JSON.stringify([{ type: 'provider.trouble', cause: { text: code } }]))).toEqual(['code'])
    expect(secretsIn(Buffer.from(`{"a":1,"secret":"${sessionSecret}"}`).toString('utf8'))).toEqual(['session secret'])
    await probe.close()
  })

  it('shows no secret in the log', () => {
    expect(
      demo
        .log()
        .split('\n')
        .flatMap((line) => secretsIn(line).map((name) => `${name}: ${line}`)),
    ).toEqual([])
  })

  it('shows no secret in an event', () => {
    expect(demo.events.filter((event) => secretsIn(JSON.stringify(event)).length > 0)).toEqual([])
  })

  it('shows no name and no e-mail address in an event', () => {
    const text = JSON.stringify(demo.events)
    for (const { email, familyName } of Object.values(demo.emulator.wristband.users)) {
      expect([text.includes(email), text.includes(familyName)]).toEqual([false, false])
    }
  })

  it('shows no secret in a page or a problem document', () => {
    // A login page of a vendor carries its own request on in a hidden field.
    const shown = visits.map(({ url, text }) => [url.href, secretsIn(text.replace(/<input type="hidden"[^>]*>/g, ''))])
    expect(shown.filter(([, names]) => names?.length !== 0)).toEqual([])
    expect(visits.filter(({ text }) => text !== '').length).toBeGreaterThan(50)
  })

  it('shows no secret in the address of a page of ours', () => {
    const own = visits.flatMap(({ location }) => (location?.origin === demo.url ? [location] : []))
    const pages = own.filter(({ pathname }) => !pathname.startsWith('/auth/'))
    expect(pages.filter(({ href }) => secretsIn(href).length > 0)).toEqual([])
    expect(pages.length).toBeGreaterThan(20)
  })

  it('shows no secret in the journals of the emulators', () => {
    expect(secretsIn(journals())).toEqual([])
  })
})
