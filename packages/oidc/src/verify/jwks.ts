import type { PublicKey, SignatureAlgorithm } from '@latchkey/core/crypto'
import { createVendorHttp, type VendorHttp, type VendorReports } from '@latchkey/core/http'
import {
  type Awaitable,
  algorithmList,
  andThen,
  BoundedMap,
  checkOptions,
  type OptionRules,
  option,
  processWide,
  required,
  systemClock,
} from '@latchkey/core/provider'
import { failureCause } from '../errors/busy.ts'
import { oidcError } from '../errors/oidc-errors.ts'
import { createJwksCache, type JwksCache } from './jwks-cache.ts'
import { type KeySet, readKeySet } from './key-set.ts'

const maximumBytes = 512 * 1024

/**
 * Where a token came from: `trusted` straight from the provider's own token endpoint, `bearer` from a request that
 * anyone can send. Each has its own budget of fetches, so that a flood of forged tokens delays no login.
 */
export type KeyTrust = 'trusted' | 'bearer'

/** The header members that choose a key. */
export interface KeyHeader {
  /** The algorithm of the signature. */
  readonly alg: string
  /** The id of the key. */
  readonly kid?: string
}

/** The public keys of one provider, cached. */
export interface Jwks {
  /**
   * Has keys at hand, fetched if they must be: before something is spent that keys are needed for afterwards.
   *
   * @throws `oidc/jwks_unavailable`
   */
  ready(trust: KeyTrust): Promise<void>
  /**
   * The key for a token's header: at once where it is at hand. An unknown `kid` makes the keys be fetched again, within the
   * budget.
   *
   * @throws `oidc/algorithm_not_allowed`, `oidc/key_not_found`, `oidc/jwks_unavailable`
   */
  key(header: KeyHeader, trust: KeyTrust): Awaitable<PublicKey>
  /**
   * Whether a key that verified is still the provider's for that header: this very key, in the set of now by its age. A
   * set that is due is fetched, in the background while it may still be used; none is fetched to find the key.
   */
  holds(header: KeyHeader, key: PublicKey, trust: KeyTrust): Awaitable<boolean>
  /**
   * The key that took the place of one that did not verify: a provider may change a key under the same `kid`.
   *
   * @returns Null where there is none, or the budget is spent (bearer tokens: one fetch a minute).
   */
  successor(header: KeyHeader, refused: PublicKey, trust: KeyTrust): Promise<PublicKey | null>
}

/** Options of {@link createJwks}. */
export interface JwksOptions {
  /** Where the keys are: https, or http on loopback. From configuration, never from a token. */
  readonly jwksUri: string
  /** Algorithms that keys are given out for. Defaults to `['RS256']`. */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined
  /** Sends the requests; a client with limits by default. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The only hosts that may be at an address that is not on the public internet. By default all. */
  readonly privateHosts?: readonly string[] | undefined
  /** The time in whole seconds since the epoch. Defaults to the system's. */
  readonly clock?: (() => number) | undefined
  /** Where the requests that this instance makes are reported. By default nowhere. */
  readonly reports?: VendorReports | undefined
}

const rules: OptionRules<JwksOptions> = {
  jwksUri: required(option.webUrl),
  algorithms: algorithmList,
  fetch: option.function,
  privateHosts: option.list(option.text),
  clock: option.function,
  reports: option.object,
}

/**
 * Reads and caches the keys of a provider. Nothing is fetched before the first key is asked for; then one request is in
 * flight at most. Keys are fresh for 5 minutes; a removed key is dead after 10 while the endpoint answers; while it
 * fails, keys live for 60 minutes. At most 100 keys and 512 KiB.
 *
 * All instances of one process share what they know of a `jwksUri`, unless they have a `fetch` or `clock` of their own. It
 * goes with the last of them.
 *
 * @throws `core/invalid_option`
 * @see https://www.rfc-editor.org/rfc/rfc7517
 */
export function createJwks(options: JwksOptions): Jwks {
  const given = checkOptions('createJwks', options, rules)
  const { algorithms = ['RS256'], fetch, privateHosts, reports } = given
  const http = createVendorHttp({ maximumBytes, fetch, privateHosts, reports })
  const cache = cacheOf(given)

  return {
    ready: async (trust) => void (await cache.current(trust, http)),
    key({ alg, kid }, trust) {
      const algorithm = algorithms.find((name) => name === alg)
      if (algorithm === undefined) throw oidcError('oidc/algorithm_not_allowed')
      const find = (keySet: KeySet | null): Awaitable<PublicKey | null> => keySet && keySet.find(algorithm, kid)
      const search = async (): Promise<PublicKey> => {
        const key =
          // The fetch that is under way may have begun before the key was published: look once more.
          (await find(await cache.arriving())) ?? (await find(await cache.newer(trust, http)))
        if (key === null) throw cache.failure() ?? oidcError('oidc/key_not_found')
        return key
      }
      return andThen(cache.current(trust, http), (keySet) => andThen(find(keySet), (key) => key ?? search()))
    },
    holds({ alg, kid }, key, trust) {
      const algorithm = algorithms.find((name) => name === alg)
      if (algorithm === undefined) return false
      const isIt = (found: PublicKey | null): boolean => found === key
      return andThen(cache.current(trust, http), (keys) => andThen(keys.find(algorithm, kid), isIt))
    },
    async successor({ alg, kid }, refused, trust) {
      const algorithm = algorithms.find((name) => name === alg)
      if (algorithm === undefined) return null
      const known = await cache.peek()?.find(algorithm, kid)
      if (known && known !== refused) return known
      const keySet = await cache.newer(trust === 'trusted' ? 'trusted' : 'mismatch', http)
      return (await keySet?.find(algorithm, kid)) ?? null
    },
  }
}

// More than any app has providers; the limit is for a process that makes clients without end.
const maxCaches = 1000

type Cache = JwksCache<VendorHttp>

function cacheOf({ jwksUri, fetch, clock }: JwksOptions): Cache {
  // The cache is shared; a request is made, and reported, by who asks for it.
  const load = (http: VendorHttp): Promise<KeySet> => loadKeySet(http, jwksUri)
  const create = (): Cache => createJwksCache(load, clock ?? systemClock)
  if (fetch !== undefined || clock !== undefined) return create()
  const caches = processWide('weak-jwks-caches', () => new BoundedMap<string, WeakRef<Cache>>(maxCaches))
  const known = caches.get(jwksUri)?.deref()
  const cache = known ?? create()
  // Its instances own it: keys of clients that are dropped go with them.
  caches.set(jwksUri, new WeakRef(cache))
  return cache
}

async function loadKeySet(http: VendorHttp, jwksUri: string): Promise<KeySet> {
  const { status, headers, body } = await http.json(jwksUri, { endpoint: 'jwks' })
  const keySet = status === 200 ? readKeySet(body) : null
  if (keySet === null) throw oidcError('oidc/jwks_unavailable', { cause: failureCause({ status, headers }) })
  return keySet
}
