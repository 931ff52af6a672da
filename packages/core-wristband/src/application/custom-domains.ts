import { type Awaitable, BoundedMap, type OptionRule, rule, type Seconds } from '@latchkey/core/provider'
import { wristbandError } from '../model/errors.ts'
import { type CustomDomain, parseCustomDomain } from '../tenant/reference.ts'
import type { Application } from './application.ts'

/**
 * Which domains of tenants a sign-in may go to: those of a list, those that a function of the app accepts, or those that
 * Wristband confirms.
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

/** Makes what decides about one domain. */
export function createCustomDomainCheck(
  application: Application,
  policy: CustomDomainPolicy,
): (domain: CustomDomain) => Promise<boolean> {
  if (policy === 'validate') return createValidation(application)
  return async (domain) => (typeof policy === 'function' ? (await policy(domain)) === true : policy.includes(domain))
}

const maxAnswers = 1000

const validSeconds = 300

const invalidSeconds = 60

interface Answer {
  readonly isValid: Promise<boolean>
  /** When it is asked again; null while the question is under way. */
  askAgainAt: Seconds | null
}

/** Asks Wristband, and remembers what it said: a confirmed domain for 5 minutes, any other for one. */
function createValidation({ origin, http, clock }: Application): (domain: CustomDomain) => Promise<boolean> {
  const answers = new BoundedMap<CustomDomain, Answer>(maxAnswers)

  async function ask(domain: CustomDomain): Promise<boolean> {
    const { status, body } = await http.json(`${origin}/api/v1/custom-domains/validate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tenantCustomDomain: domain }),
    })
    const valid: unknown = status === 200 ? (body as { readonly valid?: unknown } | null)?.valid : undefined
    if (typeof valid !== 'boolean') throw wristbandError('wristband/custom_domain_unconfirmed', { cause: { status } })
    return valid
  }

  return async (domain) => {
    const known = answers.get(domain)
    if (known !== undefined && (known.askAgainAt === null || known.askAgainAt > clock())) return known.isValid
    const answer: Answer = { isValid: ask(domain), askAgainAt: null }
    answers.set(domain, answer)
    try {
      answer.askAgainAt = clock() + ((await answer.isValid) ? validSeconds : invalidSeconds)
    } catch {
      answers.delete(domain)
    }
    return answer.isValid
  }
}
