import { channel } from 'node:diagnostics_channel'
import { AuthError, createMemoryStore, type Store } from '@latchkey/core'
import { afterEach, describe, expect, it } from 'vitest'
import { type InstrumentedApp, type InstrumentedAppOptions, startInstrumentedApp } from './instrumented-app.ts'

const apps: InstrumentedApp[] = []
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
})

async function start(options?: InstrumentedAppOptions): Promise<InstrumentedApp> {
  const app = await startInstrumentedApp(options)
  apps.push(app)
  return app
}

describe('a whole sign-in', () => {
  it('is a span for each route and each call of the vendor', async () => {
    const app = await start()
    expect((await app.signIn()).status).toBe(303)
    const spans = app.takeSpans()
    const own = spans.filter(({ instrumentationScope }) => instrumentationScope.name === '@latchkey/opentelemetry')
    const provider = { 'latchkey.provider': 'wristband' }
    expect(own.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['latchkey login', { ...provider, 'latchkey.route': 'login', 'http.response.status_code': 303 }],
      ['latchkey vendor token', { ...provider, 'latchkey.endpoint': 'token', 'http.response.status_code': 200 }],
      ['latchkey vendor jwks', { ...provider, 'latchkey.endpoint': 'jwks', 'http.response.status_code': 200 }],
      ['latchkey vendor userinfo', { ...provider, 'latchkey.endpoint': 'userinfo', 'http.response.status_code': 200 }],
      ['latchkey callback', { ...provider, 'latchkey.route': 'callback', 'http.response.status_code': 303 }],
    ])
    const parents = new Map(spans.map((span) => [span.spanContext().spanId, span]))
    const wayOf = (name: string): readonly string[] => {
      const way = [spans.find((span) => span.name === name)]
      while (way[0] !== undefined) way.unshift(parents.get(way[0].parentSpanContext?.spanId ?? ''))
      return way.flatMap((span) => span?.name ?? [])
    }
    expect(wayOf('latchkey vendor token')).toEqual(['GET', 'latchkey callback', 'latchkey vendor token'])
    expect(wayOf('POST')).toEqual(['GET', 'latchkey callback', 'latchkey vendor token', 'POST'])
  })

  it('is counted, with durations of routes, calls of the vendor and of the store', async () => {
    const app = await start()
    await app.signIn()
    const points = (await app.points()).filter(({ name }) => name.startsWith('latchkey.'))
    const provider = { 'latchkey.provider': 'wristband' }
    const succeeded = { 'latchkey.outcome': 'succeeded' }
    const ok = { ...provider, 'http.response.status_code': 200 }
    const seeOther = { ...provider, 'http.response.status_code': 303 }
    const counts = points.filter(({ name }) => name !== 'latchkey.store.duration')
    expect(counts).toEqual([
      { name: 'latchkey.sign_ins', attributes: { ...provider, ...succeeded }, count: 1 },
      { name: 'latchkey.route.duration', attributes: { ...seeOther, 'latchkey.route': 'login' }, count: 1 },
      { name: 'latchkey.route.duration', attributes: { ...seeOther, 'latchkey.route': 'callback' }, count: 1 },
      { name: 'latchkey.vendor.duration', attributes: { ...ok, 'latchkey.endpoint': 'token' }, count: 1 },
      { name: 'latchkey.vendor.duration', attributes: { ...ok, 'latchkey.endpoint': 'jwks' }, count: 1 },
      { name: 'latchkey.vendor.duration', attributes: { ...ok, 'latchkey.endpoint': 'userinfo' }, count: 1 },
    ])
    const store = points.filter(({ name }) => name === 'latchkey.store.duration')
    expect(store).toContainEqual({
      name: 'latchkey.store.duration',
      attributes: { ...succeeded, 'latchkey.operation': 'add' },
      count: expect.any(Number) as number,
    })
  })

  it('says by option in a keyed hash who signed in, on the span of the route alone', async () => {
    const app = await start({ telemetry: { userHashKey: 'an-example-key-of-32-bytes-or-more' } })
    await app.signIn()
    await app.signIn()
    const spans = app.takeSpans().filter(({ attributes }) => 'latchkey.user_hash' in attributes)
    const [first, second] = spans.map(({ name, attributes }) => [name, attributes['latchkey.user_hash']])
    expect(first).toEqual(['latchkey callback', expect.stringMatching(/^[0-9a-f]{32}$/)])
    expect(second).toEqual(first)
    expect(JSON.stringify(await app.points())).not.toContain('user_hash')
  })
})

describe('what is refused', () => {
  it('is counted by code, which its span has, too', async () => {
    const app = await start()
    await app.browser.open('/auth/wristband/callback?state=canary&code=canary', { from: 'https://vendor.example' })
    const attributes = { 'latchkey.provider': 'wristband', 'latchkey.code': 'wristband/invalid_state' }
    expect(app.takeSpans().find(({ name }) => name === 'latchkey callback')?.attributes).toMatchObject(attributes)
    expect(await app.points()).toContainEqual({ name: 'latchkey.refusals', attributes, count: 1 })
  })

  it('by the app has a code of the app’s own only where that was named', async () => {
    const deny = (code: `${string}/${string}`) => ({ onSignIn: () => ({ action: 'deny' as const, code }) })
    const codesOf = async (options: InstrumentedAppOptions) => {
      const app = await start(options)
      await app.signIn()
      const refusals = (await app.points()).filter(({ name }) => name === 'latchkey.refusals')
      await apps.pop()?.close()
      return refusals.map(({ attributes }) => attributes['latchkey.code'])
    }
    const telemetry = { appCodes: ['app/blocked'] }
    expect(await codesOf({ auth: deny('app/blocked'), telemetry })).toEqual(['app/blocked'])
    expect(await codesOf({ auth: deny('app/ada_of_acme'), telemetry })).toEqual(['app/other'])
    expect(await codesOf({ auth: deny('wristband/ada_of_acme'), telemetry })).toEqual(['app/other'])
  })
})

describe('a store that is down', () => {
  it('is an event, a metric and a log line that name the reason, and one event a second', async () => {
    let isDown = false
    let now = Math.floor(Date.now() / 1000)
    const memory = createMemoryStore()
    const get: Store['get'] = async (key) => {
      if (!isDown) return memory.get(key)
      throw new AuthError('redis/unavailable', { status: 503, hint: '', cause: { reason: 'disconnected' } })
    }
    const app = await start({ store: { ...memory, get }, auth: { clock: () => now } })
    await app.signIn()
    isDown = true
    const askFive = () => Promise.all(Array.from({ length: 5 }, () => app.browser.fetch('/auth/session')))
    const answers = await askFive()
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503])
    const failures = () => app.events.filter(({ type }) => type === 'store.failed')
    expect(failures()).toMatchObject([{ reason: 'disconnected', code: 'auth/store_unavailable' }])
    const lines = app.logLines.map((line) => JSON.parse(line) as { msg: string; event?: { reason?: string } })
    expect(lines.filter(({ msg }) => msg === 'store.failed').map(({ event }) => event?.reason)).toEqual([
      'disconnected',
    ])
    const why = { 'latchkey.operation': 'get', 'latchkey.reason': 'disconnected' }
    const points = await app.points()
    expect(points).toContainEqual({
      name: 'latchkey.store.failures',
      attributes: { ...why, 'latchkey.code': 'auth/store_unavailable' },
      count: 1,
    })
    const measured = points.filter(({ attributes }) => attributes['latchkey.outcome'] === 'failed')
    expect(measured).toEqual([
      {
        name: 'latchkey.store.duration',
        attributes: { ...why, 'latchkey.outcome': 'failed' },
        count: expect.any(Number) as number,
      },
    ])
    expect(measured[0]?.count).toBeGreaterThanOrEqual(5)
    now += 1
    await askFive()
    expect(failures()).toHaveLength(2)
  })
})

describe('a store that is silent', () => {
  it('is an event, a metric and a log line, too, by the time that the first request is answered', async () => {
    let isSilent = false
    const memory = createMemoryStore()
    const get: Store['get'] = (key) => (isSilent ? new Promise(() => {}) : memory.get(key))
    const app = await start({ store: { ...memory, get } })
    await app.signIn()
    isSilent = true
    const first = await app.browser.fetch('/auth/session')
    expect(first.status).toBe(503)
    const failures = app.events.filter(({ type }) => type === 'store.failed')
    expect(failures).toMatchObject([{ operation: 'get', reason: 'late', durationMilliseconds: expect.any(Number) }])
    expect(app.logLines.filter((line) => line.includes('"store.failed"') && line.includes('"late"'))).toHaveLength(1)
    const why = { 'latchkey.operation': 'get', 'latchkey.reason': 'late', 'latchkey.code': 'auth/store_unavailable' }
    expect(await app.points()).toContainEqual({ name: 'latchkey.store.failures', attributes: why, count: 1 })
  })
})

describe('spans, metrics, log lines and messages of the channel', () => {
  /** Signs in, fails to, and signs out; then what was told, and what must not be. */
  async function tellAll(redacts: boolean) {
    const app = await start({ redacts, telemetry: { userHashKey: 'an-example-key-of-32-bytes-or-more' } })
    const messages: unknown[] = []
    const note = (message: unknown): void => void messages.push(message)
    channel('latchkey:event').subscribe(note)
    const secrets = new Set<string>()
    const { browser, emulator } = app
    const open = browser.open.bind(browser)
    const noted: typeof browser.open = async (address, request) => {
      const answer = await open(address, request)
      for (const url of [answer.url, answer.location]) {
        for (const name of ['code', 'state', 'nonce', 'code_challenge']) {
          const value = url?.searchParams.get(name)
          if (value) secrets.add(value)
        }
      }
      for (const name of browser.cookies.names()) secrets.add(browser.cookies.get(name) ?? '')
      return answer
    }
    Object.assign(browser, { open: noted })
    expect((await app.signIn()).status).toBe(303)
    expect(browser.cookies.names().length).toBeGreaterThan(0)
    await browser.open('/auth/wristband/callback?state=canary-state&code=canary-code', {
      from: 'https://vendor.example',
    })
    await browser.submit('/auth/logout')
    await browser.open('/auth/logout/next?canary=canary-next', { from: 'https://vendor.example' })
    channel('latchkey:event').unsubscribe(note)
    const vendor = app.vendorTexts.join('\n')
    for (const [, value = ''] of vendor.matchAll(/(?:code_verifier=|token=|_token":")([^"&]+)/g)) secrets.add(value)
    const { ada } = emulator.users
    for (const value of [ada.subject, ada.email, 'acme', 'canary']) secrets.add(value)
    expect(secrets.size).toBeGreaterThan(12)
    expect(messages.length).toBeGreaterThan(5)
    const told = [await app.everything(), ...app.logLines, JSON.stringify(messages)].join('\n')
    return { told: told.toLowerCase(), secrets: [...secrets].map((each) => each.toLowerCase()) }
  }

  it('hold no code, state, verifier, token, cookie, subject, e-mail address or name of a tenant', async () => {
    const { told, secrets } = await tellAll(true)
    expect(told).toContain('latchkey callback')
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([])
  })

  it('hold them where the instrumentations have no hooks', async () => {
    const { told, secrets } = await tellAll(false)
    expect(secrets.filter((secret) => told.includes(secret)).length).toBeGreaterThan(3)
    expect(told).toContain('canary-code')
  })
})
