import { createVendorHttp, createVendorReports, type VendorHttp } from '@latchkey/core/http'
import {
  checkOptions,
  createBudget,
  type OptionRules,
  option,
  required,
  rule,
  type Seconds,
  systemClock,
} from '@latchkey/core/provider'
import { clockTolerance, createOidcClient, type OidcClient } from '@latchkey/oidc'
import { defaultToleranceSeconds } from '@latchkey/oidc/verify'
import { type WinkEndpoints, type WinkEnvironment, winkEndpoints } from './environment.ts'

/** What `createWinkClient` takes. */
export interface WinkClientOptions {
  readonly clientId: string
  readonly clientSecret: string
  readonly environment: WinkEnvironment
  /** The Keycloak realm. Defaults to `wink`. */
  readonly realm?: string | undefined
  /**
   * The only return URLs and redirect URIs, compared as exact strings. Without it any https URL may be given. The browser
   * flow, where pages name the URLs, needs this list and the next.
   */
  readonly returnUrls?: readonly string[] | undefined
  /** The only cancel URLs, compared as exact strings. Without it any https URL may be given. */
  readonly cancelUrls?: readonly string[] | undefined
  /** How the token endpoint knows us. Defaults to `client_secret_post`. */
  readonly clientAuthentication?: WinkClientAuthentication | undefined
  /** Accepted signatures of tokens. Defaults to `['RS256']`. */
  readonly algorithms?: readonly WinkAlgorithm[] | undefined
  /** Must be in the `aud` of access tokens. Not looked at by default: Wink's say `account`, and `azp` names the client. */
  readonly audience?: string | undefined
  /** Whether the tokens of the server flow are kept, for refresh and a sign-out that needs no page. Default false. */
  readonly storeTokens?: boolean | undefined
  /** How far Wink's clock may differ from ours: 0 to 300 seconds, 10 by default. `exp` has no tolerance. */
  readonly clockToleranceSeconds?: Seconds | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Seconds since the Unix epoch. */
  readonly clock?: (() => Seconds) | undefined
}

/** How the token endpoint knows a client. */
export type WinkClientAuthentication = 'none' | 'client_secret_basic' | 'client_secret_post'

/** Signatures over SHA-256: Wink documents none, and the `at_hash` of its samples is of that length. */
export type WinkAlgorithm = 'RS256' | 'PS256' | 'ES256'

/** The checked options, and the two clients that are made of them. */
export interface WinkSettings {
  readonly clientId: string
  readonly clientSecret: string
  readonly endpoints: WinkEndpoints
  readonly returnUrls: ReadonlySet<string> | null
  readonly cancelUrls: ReadonlySet<string> | null
  readonly clientAuthentication: WinkClientAuthentication
  readonly algorithms: readonly WinkAlgorithm[]
  readonly audience: string | null
  readonly storeTokens: boolean
  readonly clockToleranceSeconds: Seconds
  readonly clock: () => Seconds
  /** Takes one of the sessions that may be asked of Wink: a login's start is open to all. */
  readonly takeSession: () => boolean
  /** For Wink's API host. */
  readonly http: VendorHttp
  /** For its Keycloak realm. */
  readonly oidc: OidcClient
}

/** More than any app has logins that begin; a flood of them must not reach Wink, which would refuse everyone then. */
const sessionBudget = { atOnce: 100, perSecond: 10 }

/**
 * Checks the options of `createWinkClient`. Calls nothing.
 *
 * @throws `core/invalid_option`
 */
export function checkWinkOptions(options: WinkClientOptions): WinkSettings {
  const {
    clientId,
    clientSecret,
    environment,
    realm = 'wink',
    returnUrls,
    cancelUrls,
    clientAuthentication = 'client_secret_post',
    algorithms = ['RS256'],
    audience,
    storeTokens = false,
    clockToleranceSeconds = defaultToleranceSeconds,
    fetch,
    clock,
  } = checkOptions('createWinkClient', options, winkClientRules)
  const endpoints = winkEndpoints(environment, realm)
  const reports = createVendorReports()
  return Object.freeze({
    clientId,
    clientSecret,
    endpoints,
    returnUrls: returnUrls === undefined ? null : new Set(returnUrls),
    cancelUrls: cancelUrls === undefined ? null : new Set(cancelUrls),
    clientAuthentication,
    algorithms: [...algorithms],
    audience: audience ?? null,
    storeTokens,
    clockToleranceSeconds,
    clock: clock ?? systemClock,
    takeSession: createBudget({ ...sessionBudget, clock: clock ?? systemClock }),
    http: createVendorHttp({ fetch, reports }),
    oidc: createOidcClient(
      {
        issuers: endpoints.issuers,
        authorizationEndpoint: endpoints.authorization,
        tokenEndpoint: endpoints.token,
        jwksUri: endpoints.jwks,
      },
      {
        clientId,
        clientAuthentication:
          clientAuthentication === 'none'
            ? { kind: clientAuthentication }
            : { kind: clientAuthentication, secret: clientSecret },
        idTokenAlgorithms: algorithms,
        clockToleranceSeconds,
        fetch,
        // Not the default: clients on the system's clock share their keys.
        clock,
        reports,
      },
    ),
  })
}

/** What the options of `createWinkClient` must be. */
export const winkClientRules: OptionRules<WinkClientOptions> = {
  // RFC 7617: a colon would end the user name.
  clientId: required(
    rule(
      'must be a text without white space and colons',
      (value) => typeof value === 'string' && /^[^\s:]+$/.test(value),
    ),
  ),
  clientSecret: required(
    rule('must be a text without white space', (value) => typeof value === 'string' && /^\S+$/.test(value)),
  ),
  environment: required(option.anything),
  realm: rule('must be a realm name', (value) => typeof value === 'string' && /^\w[\w.-]{0,99}$/.test(value)),
  returnUrls: option.list(option.webUrl),
  cancelUrls: option.list(option.webUrl),
  clientAuthentication: option.oneOf(['none', 'client_secret_basic', 'client_secret_post']),
  algorithms: option.filledList(option.oneOf(['RS256', 'PS256', 'ES256'])),
  audience: option.text,
  storeTokens: option.boolean,
  clockToleranceSeconds: clockTolerance,
  fetch: option.function,
  clock: option.function,
}
