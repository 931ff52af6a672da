import { type Awaitable, BoundedMap, createBudget, type OptionRule, rule, type Seconds } from '@latchkey/core/provider'
import { wristbandError } from '../model/errors.ts'
import { type CustomDomain, parseCustomDomain } from '../tenant/reference.ts'
import type { Application } from './application.ts'

/**
 * Which domains of tenants a sign-in may go to: those of a list, those that a function of the app accepts, or with
 * `validate` those that `resolveTenantId` knows, and without it those that Wristband confirms.
 */
export type CustomDomainPolicy = readonly string[] | 'validate' | ((domain: string) => Awaitable<boolean>)

/** What a {@link CustomDomainPolicy} must be. */
export const customDomainPolicy: OptionRule = rule(
  'must be a list of host names, a function or `validate`',
  (value) =>
    value === 'validate' ||
    typeof value === 'function' ||
    (Array.isArray(value) && value.every((domain) => parseCustomDomain(domain) !== null)),
)

/**
 * Makes what decides about one domain. It throws where Wristband cannot say.
 *
 * @throws `wristband/custom_domain_unconfirmed`, `core/…` of the transport, and what the app's functions throw
 */
export function createCustomDomainCheck(
  application: Application,
  policy: CustomDomainPolicy,
): (domain: CustomDomain) => Promise<boolean> {
  if (typeof policy === 'function') return async (domain) => (await policy(domain)) === true
  if (policy !== 'validate') {
    const known = new Set(policy)
    return async (domain) => known.has(domain)
  }
  const { resolveTenantId } = application
  if (resolveTenantId === undefined) return createValidation(application)
  // A domain that the app's record does not have could prove no tenant, whatever Wristband says of it.
  return async (customDomain) => {
    const id = await resolveTenantId({ customDomain })
    return typeof id === 'string' && id !== ''
  }
}

/** Of each kind, so that a flood of made-up domains pushes out no confirmed one. */
const mostDomains = 1000

const confirmedSeconds = 300

const refusedSeconds = 60

/** How long a domain that was confirmed stays so while Wristband cannot say. */
const staleSeconds = 3600

interface Confirmation {
  readonly at: Seconds
  askAgainAt: Seconds
}

/**
 * Asks Wristband, and remembers what it said: a confirmed domain for 5 minutes, any other for one. The login route is
 * open to all, so what is not remembered as confirmed is asked 10 times, and then once a second.
 */
function createValidation(application: Application): (domain: CustomDomain) => Promise<boolean> {
  const { clock } = application
  const confirmed = new BoundedMap<CustomDomain, Confirmation>(mostDomains)
  const refused = new BoundedMap<CustomDomain, Seconds>(mostDomains)
  const flights = new Map<CustomDomain, Promise<boolean>>()
  const takeTurn = createBudget({ atOnce: 10, perSecond: 1, clock })

  async function askAndRemember(domain: CustomDomain): Promise<boolean> {
    const { askWristband } = await import('./ask-wristband.ts')
    const isConfirmed = await askWristband(application, domain)
    const now = clock()
    confirmed.delete(domain)
    if (isConfirmed) confirmed.set(domain, { at: now, askAgainAt: now + confirmedSeconds })
    else refused.set(domain, now + refusedSeconds)
    return isConfirmed
  }

  function ask(domain: CustomDomain): Promise<boolean> {
    const flight =
      flights.get(domain) ??
      askAndRemember(domain).finally(() => {
        flights.delete(domain)
      })
    flights.set(domain, flight)
    return flight
  }

  return async (domain) => {
    const known = confirmed.get(domain)
    if (known !== undefined) {
      if (known.askAgainAt > clock()) return true
      return ask(domain).catch((error: unknown) => {
        if (clock() - known.at > staleSeconds) throw error
        known.askAgainAt = clock() + refusedSeconds
        return true
      })
    }
    if ((refused.get(domain) ?? 0) > clock()) return false
    if (!flights.has(domain) && !takeTurn()) {
      throw wristbandError('wristband/custom_domain_unconfirmed', { cause: { retryAfterSeconds: 1 } })
    }
    return ask(domain)
  }
}
