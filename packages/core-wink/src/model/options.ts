import { createVendorHttp, type VendorHttp } from '@latchkey/core/http'
import { checkOptions, invalidOption, parseWebUrl, type Seconds, systemClock } from '@latchkey/core/provider'
import { type ClientAuthentication, createOidcClient, type OidcClient } from '@latchkey/oidc'
import { type WinkEndpoints, type WinkEnvironment, winkEndpoints } from './environment.ts'

/** What `createWinkClient` takes. */
export interface WinkClientOptions {
  readonly clientId: string
  readonly clientSecret: string
  readonly environment: WinkEnvironment
  /** The Keycloak realm. Defaults to `wink`. */
  readonly realm?: string
  /**
   * The only return URLs and redirect URIs, compared as exact strings. Without it any https URL may be given. The browser
   * flow, where pages name the URLs, needs this list and the next.
   */
  readonly returnUrls?: readonly string[]
  /** The only cancel URLs, compared as exact strings. Without it any https URL may be given. */
  readonly cancelUrls?: readonly string[]
  /** How the token endpoint knows us. Defaults to `client_secret_post`. */
  readonly clientAuth?: 'none' | 'client_secret_basic' | 'client_secret_post'
  /** Accepted signatures of tokens. Defaults to `['RS256']`. */
  readonly algorithms?: readonly WinkAlgorithm[]
  /** Must be in the `aud` of access tokens. Not looked at by default: Wink's say `account`, and `azp` names the client. */
  readonly audience?: string
  /** Whether the tokens of the server flow are kept, for refresh and a sign-out that needs no page. Default false. */
  readonly storeTokens?: boolean
  readonly fetch?: typeof globalThis.fetch
  /** Seconds since the Unix epoch. */
  readonly clock?: () => Seconds
}

/** Signatures over SHA-256: Wink documents none, and the `at_hash` of its samples is of that length. */
export type WinkAlgorithm = 'RS256' | 'PS256' | 'ES256'

/** The checked options, and the two clients that are made of them. */
export interface WinkSettings {
  readonly clientId: string
  readonly clientSecret: string
  readonly endpoints: WinkEndpoints
  readonly returnUrls: readonly string[] | null
  readonly cancelUrls: readonly string[] | null
  readonly clientAuth: 'none' | 'client_secret_basic' | 'client_secret_post'
  readonly algorithms: readonly WinkAlgorithm[]
  readonly audience: string | null
  readonly storeTokens: boolean
  readonly clock: () => Seconds
  /** For Wink's API host. */
  readonly http: VendorHttp
  /** For a sign-out, which nobody waits long for. */
  readonly signOutHttp: VendorHttp
  /** For its Keycloak realm. */
  readonly oidc: OidcClient
}

/**
 * Checks the options of `createWinkClient`. Calls nothing.
 *
 * @throws `core/invalid_option`
 */
export function checkWinkOptions(options: WinkClientOptions): WinkSettings {
  checkOptions('createWinkClient', options, knownOptions)
  const { realm = 'wink', fetch, clock } = options
  checkTokens(options)
  if (typeof realm !== 'string' || !/^\w[\w.-]{0,99}$/.test(realm)) throw invalid('realm', 'must be a realm name')
  if (fetch !== undefined && typeof fetch !== 'function') throw invalid('fetch', 'must be a function')
  if (clock !== undefined && typeof clock !== 'function') throw invalid('clock', 'must be a function')
  const { clientId, clientSecret, clientAuth = 'client_secret_post', audience, storeTokens = false } = options
  const clientAuthentication = checkClientAuthentication(clientAuth, clientSecret)
  const algorithms = checkAlgorithms(options)
  if (audience !== undefined && (typeof audience !== 'string' || audience === '')) {
    throw invalid('audience', 'must be a string')
  }
  if (typeof storeTokens !== 'boolean') throw invalid('storeTokens', 'must be true or false')
  const endpoints = winkEndpoints(options.environment, realm)
  const transport = fetch === undefined ? {} : { fetch }
  // Passed on only if given: keys are shared in the process between clients on the system's clock.
  const time = clock === undefined ? {} : { clock }
  return Object.freeze({
    clientId,
    clientSecret,
    endpoints,
    returnUrls: checkUrls('returnUrls', options.returnUrls),
    cancelUrls: checkUrls('cancelUrls', options.cancelUrls),
    clientAuth,
    algorithms,
    audience: audience ?? null,
    storeTokens,
    clock: clock ?? systemClock,
    http: createVendorHttp(transport),
    signOutHttp: createVendorHttp({ ...transport, deadlineSeconds: signOutDeadlineSeconds }),
    oidc: createOidcClient(
      {
        issuers: endpoints.issuers,
        authorizationEndpoint: endpoints.authorization,
        tokenEndpoint: endpoints.token,
        jwksUri: endpoints.jwks,
      },
      { clientId, clientAuthentication, idTokenAlgorithms: algorithms, ...transport, ...time },
    ),
  })
}

/** Core waits 3 seconds for all of a sign-out; what is left of them is for the way through the browser. */
const signOutDeadlineSeconds = 2

const knownOptions = [
  'clientId',
  'clientSecret',
  'environment',
  'realm',
  'returnUrls',
  'cancelUrls',
  'clientAuth',
  'algorithms',
  'audience',
  'storeTokens',
  'fetch',
  'clock',
] as const satisfies readonly (keyof WinkClientOptions)[]

function checkTokens({ clientId, clientSecret }: WinkClientOptions): void {
  // RFC 7617: a colon would end the user name.
  if (typeof clientId !== 'string' || !/^[^\s:]+$/.test(clientId)) {
    throw invalid('clientId', 'must be a string without white space and colons')
  }
  if (typeof clientSecret !== 'string' || !/^\S+$/.test(clientSecret)) {
    throw invalid('clientSecret', 'must be a string without white space')
  }
}

function checkAlgorithms({ algorithms = ['RS256'] }: WinkClientOptions): readonly WinkAlgorithm[] {
  const known: readonly unknown[] = ['RS256', 'PS256', 'ES256'] satisfies WinkAlgorithm[]
  const list: unknown = algorithms
  if (!Array.isArray(list) || list.length === 0 || !list.every((name) => known.includes(name))) {
    throw invalid('algorithms', `must be a list of at least one of ${known.join(', ')}`)
  }
  return [...algorithms]
}

function checkClientAuthentication(clientAuth: WinkSettings['clientAuth'], clientSecret: string): ClientAuthentication {
  switch (clientAuth) {
    case 'none':
      return { kind: 'none' }
    case 'client_secret_basic':
    case 'client_secret_post':
      return { kind: clientAuth, secret: clientSecret }
    default:
      clientAuth satisfies never
      throw invalid('clientAuth', 'must be none, client_secret_basic or client_secret_post')
  }
}

function checkUrls(name: 'returnUrls' | 'cancelUrls', urls: readonly string[] | undefined): readonly string[] | null {
  if (urls === undefined) return null
  const list: unknown = urls
  if (!Array.isArray(list) || !list.every((url) => parseWebUrl(url) !== null)) {
    throw invalid(name, 'must be a list of https URLs (http on loopback) without user info and fragment')
  }
  return [...urls]
}

function invalid(option: string, problem: string): Error {
  return invalidOption('createWinkClient', option, problem)
}
