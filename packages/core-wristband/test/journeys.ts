import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import {
  createWristbandClient,
  type LoginResult,
  type StartLoginOptions,
  type WristbandClient,
  type WristbandClientOptions,
} from '../src/index.ts'
import { clientId, clientSecret, now, startVendor, type Vendor } from './vendor.ts'

export const redirectUri = 'https://invo.example/auth/wristband/callback'

export interface Journey {
  wristband?: WristbandClient
  start?: Partial<StartLoginOptions>
  /** What becomes of the callback on its way. */
  callback?: (url: URL) => void
  /** Where the user really signs in. */
  tenant?: string
}

type Completed = Extract<LoginResult, { kind: 'completed' }>

/** Sign-ins of the client alone at a vendor, which runs for the tests of one file. */
export interface Journeys {
  /** The client's time, in whole seconds. */
  time: number
  readonly vendor: Vendor
  client(options?: Partial<WristbandClientOptions>): WristbandClient
  signIn(journey?: Journey): Promise<LoginResult>
  completed(journey?: Journey): Promise<Completed>
  /** What a sign-in is refused with. */
  refusal(journey?: Journey): Promise<unknown>
  expectNoUserinfo(): void
  expectNoCall(): void
}

const tenantIds = new Map([
  ['acme', 'id-of-acme'],
  ['globex', 'id-of-globex'],
])

const domainIds = new Map([['login.acme.example', 'id-of-acme']])

export function createJourneys(): Journeys {
  let vendor: Vendor
  const journeys: Journeys = {
    time: now,
    get vendor() {
      return vendor
    },
    client: (options = {}) =>
      createWristbandClient({
        clientId,
        clientSecret,
        applicationDomain: vendor.domain,
        resolveTenantId: ({ name = '', customDomain = '' }) =>
          tenantIds.get(name) ?? domainIds.get(customDomain) ?? null,
        clock: () => journeys.time,
        ...options,
      }),
    async signIn({ wristband = journeys.client(), start, callback, tenant } = {}) {
      const { url, transaction } = await wristband.startLogin({ tenant: { name: 'acme' }, redirectUri, ...start })
      const back = vendor.authorize(url, tenant === undefined ? {} : { tenant })
      callback?.(back)
      // As it comes back from wherever it was kept.
      return wristband.finishLogin(back, JSON.parse(JSON.stringify(transaction)))
    },
    async completed(journey) {
      const result = await journeys.signIn(journey)
      if (result.kind !== 'completed') throw new Error(`restarted: ${result.reason}`)
      return result
    },
    async refusal(journey) {
      const result: unknown = await journeys.signIn(journey).catch((error: unknown) => ({ error }))
      return (result as { error?: unknown }).error
    },
    expectNoUserinfo: () => expect(vendor.calls()).not.toContain('userinfo'),
    expectNoCall: () => expect(vendor.calls()).toEqual([]),
  }
  beforeAll(async () => {
    vendor = await startVendor()
  })
  afterAll(() => vendor.close())
  beforeEach(() => {
    vendor.reset()
    journeys.time = now
  })
  return journeys
}
