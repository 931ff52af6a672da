import { createVendorHttp, type VendorHttp, type VendorReports } from '@latchkey/core/http'
import { createOidcClient, type OidcClient } from '@latchkey/oidc'
import type { WristbandClientOptions } from './options.ts'

/** What speaks to Wristband. It is loaded when it is first needed: a guarded route needs none of it. */
export interface Connection {
  readonly oidc: OidcClient
  readonly http: VendorHttp
}

/** What a connection is made of beside the options. */
export interface Endpoint {
  /** The application's own origin. */
  readonly origin: string
  readonly issuers: readonly [string, ...string[]]
  readonly reports: VendorReports
}

/** Makes what speaks to Wristband. Expects options that were checked. */
export function connect(options: WristbandClientOptions, { origin, issuers, reports }: Endpoint): Connection {
  const { clientId, clientSecret, algorithms = ['RS256'], clockToleranceSeconds, fetch, clock } = options
  const oidc = createOidcClient(
    {
      issuers,
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
      clockToleranceSeconds,
      fetch,
      // Passed on only if given: keys are shared in the process between clients on the system's clock.
      clock,
      reports,
    },
  )
  return { oidc, http: createVendorHttp({ fetch, reports }) }
}
