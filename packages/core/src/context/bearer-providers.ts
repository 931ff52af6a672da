import { ownMember, readUnverifiedJwt, type UnverifiedJwt } from '../crypto/index.ts'
import { coreError } from '../errors/core-errors.ts'
import { invalidOption } from '../errors/options.ts'
import { andThen } from '../model/awaitable.ts'
import type { Awaitable } from '../model/json.ts'
import type { BearerToken, BearerVerifier, MountedProvider } from '../provider/contract.ts'

/** The providers of an auth that verify access tokens. Their names and issuers are read once. */
export interface BearerProviders {
  /**
   * Checks the provider that a requirement names: one that is installed and verifies tokens; none only where no two
   * verify tokens of one issuer.
   *
   * @throws `core/invalid_option`
   */
  check(named: string | undefined): void
  /** Refuses what {@link BearerProviders.check} does of a requirement that names none. @throws `core/invalid_option` */
  requireChoice(named: string | undefined): void
  /** What a provider found the very token of this SHA-256 to say a short while ago, where that still holds. */
  recall(digest: string, named: string | undefined): Awaitable<RecalledToken | null>
  /**
   * Finds who is to verify a token, by the `iss` that it claims.
   *
   * @throws `auth/bearer_invalid`
   */
  find(token: string, named: string | undefined): UnverifiedToken
}

/** A provider that verifies access tokens. */
export interface BearerProvider {
  readonly name: string
  readonly provider: MountedProvider
  readonly verifier: BearerVerifier
}

interface RecalledToken {
  readonly by: BearerProvider
  readonly bearer: BearerToken
}

interface UnverifiedToken {
  readonly by: BearerProvider
  readonly jwt: UnverifiedJwt
}

/** Reads which of the providers verify access tokens. */
export function bearerProviders(providers: ReadonlyMap<string, MountedProvider>): BearerProviders {
  const all = [...providers].flatMap(([name, provider]) => {
    const { bearer: verifier } = provider
    return verifier === undefined ? [] : [{ name, provider, verifier, issuers: new Set(verifier.issuers) }]
  })
  const issuers = all.flatMap((each) => [...each.issuers])
  const isAmbiguous = new Set(issuers).size < issuers.length
  const candidates = (named: string | undefined): typeof all =>
    named === undefined ? all : all.filter(({ name }) => name === named)
  const requireChoice = (named: string | undefined): void => {
    if (named !== undefined || !isAmbiguous) return
    // Which of them judges a token would depend on their order.
    throw invalidOption('requireBearer', 'provider', 'must be given: several providers verify tokens of one issuer')
  }
  return {
    requireChoice,
    check(named) {
      if (named !== undefined && candidates(named).length === 0) {
        throw invalidOption(
          'requireBearer',
          'provider',
          'must be the name of an installed provider that verifies tokens',
        )
      }
      requireChoice(named)
    },
    recall: (digest, named) => recallBy(candidates(named), digest),
    find(token, named) {
      const jwt = readUnverifiedJwt(token)
      const issuer = jwt?.claims ? ownMember(jwt.claims, 'iss') : undefined
      if (jwt === null || typeof issuer !== 'string') {
        throw coreError('auth/bearer_invalid', { cause: { reason: 'no issuer' } })
      }
      const by = candidates(named).find((each) => each.issuers.has(issuer))
      if (by === undefined) throw coreError('auth/bearer_invalid', { cause: { reason: 'unknown issuer' } })
      return { by, jwt }
    },
  }
}

function recallBy([by, ...others]: readonly BearerProvider[], digest: string): Awaitable<RecalledToken | null> {
  if (by === undefined) return null
  return andThen(by.verifier.recall?.(digest) ?? null, (bearer) => (bearer ? { by, bearer } : recallBy(others, digest)))
}
