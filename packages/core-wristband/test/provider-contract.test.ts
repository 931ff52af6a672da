import { type EmulatedWristband, startEmulator } from '@latchkey/emulator'
import { createTestBrowser, providerContract } from '@latchkey/testkit'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { createWristbandClient, wristbandProvider } from '../src/index.ts'

const origin = 'http://localhost:3001'
let emulated: EmulatedWristband
let close: () => Promise<void>
/** The time of the app that a test has started last. */
let clockOfApp: (() => number) | null = null

beforeAll(async () => {
  const clock = () => clockOfApp?.() ?? Math.floor(Date.now() / 1000)
  ;({ wristband: emulated, close } = await startEmulator({ wink: false, wise: false, clock }))
})
afterAll(() => close())

/** A visitor signs in at the tenant's page; gives where the vendor sends the browser. */
async function visit(url: URL, user: string): Promise<URL> {
  const browser = createTestBrowser({ origin: url.origin, clock: () => clockOfApp?.() ?? 0 })
  const isOurs = (location: URL) => location.origin === origin
  const page = await browser.follow(await browser.open(url), isOurs)
  const [, req = ''] = /name="req" value="([^"]+)"/.exec(page.text) ?? []
  const pressed = await browser.submit(new URL('/login', page.url), { req, user }, { from: page.url })
  return (await browser.follow(pressed, isOurs)).location ?? new URL('about:blank')
}

/** What of the vendor's answers is secret. */
function secretsIn(answer: unknown): readonly string[] {
  const tokens = answer as { readonly [name: string]: unknown }
  return ['access_token', 'refresh_token', 'id_token'].flatMap((name) => {
    const token = tokens?.[name]
    return typeof token === 'string' ? [token] : []
  })
}

providerContract({
  describe,
  it,
  origin,
  create({ fetch: watched, clock }) {
    clockOfApp = clock
    emulated.clearFaults()
    const { clientId, clientSecret, applicationDomain, tenants, users } = emulated
    const canaries = [clientSecret, users.ada.email, users.bob.email, users.ada.phoneNumber]
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const response = await watched(input, init)
      canaries.push(
        ...secretsIn(
          await response
            .clone()
            .json()
            .catch(() => null),
        ),
      )
      return response
    }
    const resolveTenantId = () => tenants.acme.id
    const options = { clientId, clientSecret, applicationDomain, resolveTenantId, clock }
    const json = { contentType: 'application/json', times: Number.POSITIVE_INFINITY }
    return {
      provider: wristbandProvider({ ...options, fetch, tenancy: { kind: 'query', default: 'acme' } }),
      vendor: {
        canaries,
        async authorize(url, { subject, outcome }) {
          if (outcome === 'signed-in') return visit(url, subject)
          const callback = new URL(url.searchParams.get('redirect_uri') ?? '')
          const state = url.searchParams.get('state') ?? ''
          callback.search = String(new URLSearchParams({ state, error: 'access_denied', tenant_name: 'acme' }))
          return callback
        },
        planRefresh(outcome) {
          emulated.clearFaults()
          if (outcome === 'failed') emulated.fail('token', { ...json, status: 503, body: '{}' })
          if (outcome === 'ended') emulated.fail('token', { ...json, status: 400, body: '{"error":"invalid_grant"}' })
        },
        async bearer(subject) {
          const client = createWristbandClient(options)
          const redirectUri = `${origin}/auth/wristband/callback`
          const { url, transaction } = await client.startLogin({ tenant: { name: 'acme' }, redirectUri })
          const result = await client.finishLogin(await visit(url, subject), transaction)
          if (result.kind !== 'completed') throw new Error(result.reason)
          return result.tokens.accessToken ?? ''
        },
      },
    }
  },
})
