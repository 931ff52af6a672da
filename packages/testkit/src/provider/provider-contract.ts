import type { Awaitable } from '@latchkey/core/provider'
import type { TestRunner } from '../test-runner.ts'
import { bearerContract } from './bearer-contract.ts'
import { everyProviderContract } from './every-provider-contract.ts'
import { startProviderApp } from './provider-app.ts'
import type { ProviderTest } from './provider-test.ts'
import { refreshContract } from './refresh-contract.ts'
import { refusalContract } from './refusal-contract.ts'
import { secrecyContract } from './secrecy-contract.ts'
import { signInContract } from './sign-in-contract.ts'
import { signOutContract } from './sign-out-contract.ts'
import type { ProviderSubject, VendorSurroundings } from './vendor-double.ts'

/** Options of {@link providerContract}. */
export interface ProviderContractOptions extends TestRunner {
  /** Makes a provider and the double of its vendor, anew for each app of a test. */
  create(vendor: VendorSurroundings): Awaitable<ProviderSubject>
  /** Where the app is, for doubles that know their redirect URIs. Default `https://app.example`. */
  readonly origin?: string | undefined
  /** False for a provider that signs nobody in: then what holds of every provider is tested alone. Default true. */
  readonly signsIn?: boolean | undefined
}

/**
 * Declares the tests that every provider must pass: sign-ins with their state, browsers that did not begin them, replay and
 * return targets; vendors that fail in every way; tokens that are refreshed, fail or have ended; sign-out; access tokens; and
 * no secret and no personal data in answers, events and addresses.
 *
 * The app runs in this process, on a clock that the suite moves. Needs no runner of its own, and throws errors that every
 * runner shows.
 *
 * @example
 * import { providerContract } from '@latchkey/testkit'
 * import { describe, it } from 'node:test'
 * import { myProvider } from './my-provider.ts'
 * import { createVendorDouble } from './vendor-double.ts'
 *
 * providerContract({
 *   describe,
 *   it,
 *   create({ fetch, clock }) {
 *     const vendor = createVendorDouble(clock)
 *     return { vendor, provider: myProvider({ clientId: 'app', clientSecret: vendor.secret, fetch, clock }) }
 *   },
 * })
 */
export function providerContract(options: ProviderContractOptions): void {
  const { describe, it, create, origin = 'https://app.example', signsIn = true } = options
  const declare = (title: string, tests: readonly ProviderTest[]): void => {
    describe(title, () => {
      for (const test of tests) it(test.title, () => test.run(() => startProviderApp(origin, create)))
    })
  }
  declare('a provider', everyProviderContract)
  if (!signsIn) return
  declare('a sign-in', signInContract)
  declare('a sign-in that fails', [...refusalContract])
  declare('tokens', refreshContract)
  declare('a sign-out', signOutContract)
  declare('an access token', bearerContract)
  declare('a provider', secrecyContract)
}
