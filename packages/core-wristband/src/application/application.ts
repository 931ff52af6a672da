import { createVendorHttp, type VendorHttp } from '@latchkey/core/http'
import { type Seconds, systemClock, type Vault } from '@latchkey/core/provider'
import { createOidcClient, type OidcClient, type SignatureAlgorithm } from '@latchkey/oidc'
import { applicationOriginOf } from '../tenant/domains.ts'
import type { TenantIdLookup } from '../tenant/proof.ts'
import { type ConfigurationSource, createConfigurationSource } from './configuration.ts'
import { checkWristbandOptions, type WristbandClientOptions } from './options.ts'

/** A Wristband application, its options checked. */
export interface Application {
  readonly clientId: string
  readonly applicationDomain: string
  /** The application's own origin: token endpoint, userinfo, keys. */
  readonly origin: string
  readonly configuration: ConfigurationSource
  readonly issuers: readonly [string, ...string[]]
  readonly accountIssuer: string
  readonly scopes: readonly string[]
  readonly tenantId: TenantIdLookup | undefined
  readonly allowedClientIds: readonly string[]
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly vault: Vault | undefined
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
export function createApplication(options: WristbandClientOptions): Application {
  checkWristbandOptions(options)
  const { clientId, clientSecret, applicationDomain, clock = systemClock, algorithms = ['RS256'] } = options
  const origin = applicationOriginOf(applicationDomain)
  const [issuer = origin, ...otherIssuers] = options.issuers ?? []
  const transport = options.fetch === undefined ? {} : { fetch: options.fetch }
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
      ...(options.clock && { clock: options.clock }),
      ...transport,
    },
  )
  const http = createVendorHttp(transport)
  return {
    clientId,
    applicationDomain,
    origin,
    configuration: createConfigurationSource(options, { origin, http, clock }),
    issuers: [issuer, ...otherIssuers],
    accountIssuer: options.accountIssuer ?? issuer,
    scopes: [...(options.scopes ?? defaultScopes)],
    tenantId: options.tenantId,
    allowedClientIds: [...(options.allowedClientIds ?? [clientId])],
    algorithms,
    vault: options.vault,
    oidc,
    http,
    clock,
  }
}
