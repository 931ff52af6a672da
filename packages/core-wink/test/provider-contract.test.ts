import { type EmulatedWink, startEmulator } from '@latchkey/emulator'
import { providerContract } from '@latchkey/testkit'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { winkProvider } from '../src/index.ts'
import { pressUser } from './wink-pages.ts'

let wink: EmulatedWink
let close: () => Promise<void>
/** The time of the app that a test has started last. */
let clockOfApp: (() => number) | null = null

beforeAll(async () => {
  const clock = () => clockOfApp?.() ?? Math.floor(Date.now() / 1000)
  ;({ wink, close } = await startEmulator({ wristband: false, wise: false, clock }))
})
afterAll(() => close())

/** What of the vendor's answers is secret, or personal. */
function secretsIn(answer: unknown): readonly string[] {
  const members = answer as { readonly [name: string]: unknown }
  return ['access_token', 'refresh_token', 'id_token', 'contactNo', 'dateOfBirth', 'email'].flatMap((name) => {
    const value = members?.[name]
    return typeof value === 'string' ? [value] : []
  })
}

describe.each([true, false])('with storeTokens: %s', (storeTokens) => {
  providerContract({
    describe,
    it,
    origin: 'http://localhost:3001',
    create({ fetch: watched, clock }) {
      clockOfApp = clock
      wink.clearFaults()
      const { clientId, clientSecret, apiUrl, authUrl, users } = wink
      const canaries = [clientSecret, users.ada.email, users.bob.email]
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
      const json = { contentType: 'application/json', times: Number.POSITIVE_INFINITY }
      const environment = { apiUrl, authUrl }
      return {
        provider: winkProvider({ clientId, clientSecret, environment, storeTokens, fetch, clock }),
        vendor: {
          canaries,
          async authorize(url, { subject, outcome }) {
            if (outcome === 'signed-in') return pressUser(wink, url.href, subject)
            const callback = new URL(url.searchParams.get('redirect_uri') ?? '')
            const state = url.searchParams.get('state') ?? ''
            callback.search = String(new URLSearchParams({ state, error: 'access_denied', iss: wink.issuer }))
            return callback
          },
          ...(storeTokens && {
            planRefresh(outcome: 'refreshed' | 'failed' | 'ended') {
              wink.clearFaults()
              if (outcome === 'failed') wink.fail('token', { ...json, status: 503, body: '{}' })
              if (outcome === 'ended') wink.fail('token', { ...json, status: 400, body: '{"error":"invalid_grant"}' })
            },
          }),
        },
      }
    },
  })
})
