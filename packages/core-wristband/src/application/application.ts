import { createVendorHttp, createVendorReports, type VendorHttp } from '@latchkey/core/http'
import { checkOptions, createWork, type Seconds, systemClock } from '@latchkey/core/provider'
import { createOidcClient, type OidcClient, type SignatureAlgorithm } from '@latchkey/oidc'
import type { ChooseProfile } from '../model/identity.ts'
import { applicationOriginOf } from '../tenant/domains.ts'
import type { ResolveTenantId } from '../tenant/proof.ts'
import { type ConfigurationSource, createConfigurationSource } from './configuration.ts'
import { type WristbandClientOptions, wristbandClientRules } from './options.ts'

/** A Wristband application, its options checked: a plain value that the functions of this package take. */
export interface Application {
  readonly clientId: string
  readonly applicationDomain: string
  /** The application's own origin: token endpoint, userinfo, keys. */
  readonly origin: string
  readonly configuration: ConfigurationSource
  readonly issuers: readonly [string, ...string[]]
  readonly accountIssuer: string
  readonly scopes: readonly string[]
  readonly resolveTenantId: ResolveTenantId | undefined
  /** What identities keep of userinfo; undefined for the profile that they have by default. */
  readonly profile: ChooseProfile | undefined
  readonly allowedClientIds: ReadonlySet<string>
  readonly algorithms: readonly SignatureAlgorithm[]
  /** Does work once for all who share the client secret. */
  readonly work: ReturnType<typeof createWork>
  readonly oidc: OidcClient
  readonly http: VendorHttp
  readonly clock: () => Seconds
}

const defaultScopes = ['openid', 'offline_access', 'profile', 'email', 'roles']

/**
 * Checks the options and makes the OpenID Connect client behind an application.
 *
 * @throws `core/invalid_option`
 */
export function createApplication(given: WristbandClientOptions): Application {
  const options = checkOptions('createWristbandClient', given, wristbandClientRules)
  const { clientId, clientSecret, applicationDomain, algorithms = ['RS256'], fetch, clock } = options
  const origin = applicationOriginOf(applicationDomain)
  const [issuer = origin, ...otherIssuers] = options.issuers ?? []
  const reports = createVendorReports()
  const oidc = createOidcClient(
    {
      issuers: [issuer, ...otherIssuers],
      authorizationEndpoint: `${origin}/api/v1/oauth2/authorize`,
      tokenEndpoint: `${origin}/api/v1/oauth2/token`,
      userinfoEndpoint: `${origin}/api/v1/oauth2/userinfo`,
      revocationEndpoint: `${origin}/api/v1/oauth2/revoke`,
      jwksUri: `${origin}/api/v1/oauth2/jwks`,
    },
    {
      clientId,
      clientAuthentication: { kind: 'client_secret_basic', secret: clientSecret },
      idTokenAlgorithms: algorithms,
      clockToleranceSeconds: options.clockToleranceSeconds,
      fetch,
      // Passed on only if given: keys are shared in the process between clients on the system's clock.
      clock,
      reports,
    },
  )
  const http = createVendorHttp({ fetch, reports })
  const secrets = typeof clientSecret === 'string' ? ([clientSecret] as const) : clientSecret
  return {
    clientId,
    applicationDomain,
    origin,
    configuration: createConfigurationSource(options, { origin, http, clock: clock ?? systemClock }),
    issuers: [issuer, ...otherIssuers],
    accountIssuer: options.accountIssuer ?? issuer,
    scopes: [...(options.scopes ?? defaultScopes)],
    resolveTenantId: options.resolveTenantId,
    profile: undefined,
    allowedClientIds: new Set(options.allowedClientIds ?? [clientId]),
    algorithms,
    work: createWork({ secrets, store: options.store, clock }),
    oidc,
    http,
    clock: clock ?? systemClock,
  }
}
