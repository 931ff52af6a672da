import { createVendorHttp, createVendorReports, type VendorHttp, type VendorReports } from '@latchkey/core/http'
import { checkOptions, type Seconds, systemClock } from '@latchkey/core/provider'
import { defaultToleranceSeconds } from '../verify/claims.ts'
import type { IdTokenRequirement } from '../verify/id-token.ts'
import { createJwks, type Jwks } from '../verify/jwks.ts'
import { toClientAuths } from './client-authentication.ts'
import { clientRules, metadataRules, type OidcClientOptions, type OidcMetadata } from './client-options.ts'
import { type ClientSecrets, unprovenSecrets } from './client-proofs.ts'

/**
 * A relying party of one provider: a plain value that the functions of this package take. It keeps no session and sets
 * no cookie.
 */
export interface OidcClient {
  readonly metadata: OidcMetadata
  readonly clientId: string
  readonly jwks: Jwks
  /** What every ID token must say: for `verifyIdToken`. */
  readonly verification: Pick<
    IdTokenRequirement,
    'jwks' | 'algorithms' | 'issuers' | 'clientId' | 'clockToleranceSeconds' | 'opaqueAccessTokens'
  >
  /** How far the clocks may differ. */
  readonly clockToleranceSeconds: Seconds
  readonly clock: () => Seconds
  readonly secrets: ClientSecrets
  /** Where each request to the provider is reported: with the name of the endpoint and the duration. */
  readonly reports: VendorReports
  readonly http: VendorHttp
  /** The same with another deadline than 5 seconds. */
  httpWithin(deadlineSeconds: number | undefined): VendorHttp
}

/** The name by which errors call the factory. */
export const factory = 'createOidcClient'

/**
 * Makes a client of an OpenID Connect provider. Calls nobody.
 *
 * @throws `core/invalid_option`
 */
export function createOidcClient(metadata: OidcMetadata, options: OidcClientOptions): OidcClient {
  const provider = checkOptions(factory, metadata, metadataRules)
  const given = checkOptions(factory, options, clientRules)
  const { clientId, idTokenAlgorithms: algorithms = ['RS256'], fetch, privateHosts, clock, userAgent } = given
  const { clockToleranceSeconds = defaultToleranceSeconds, opaqueAccessTokens, reports = createVendorReports() } = given
  const secrets = unprovenSecrets(toClientAuths(factory, given))
  const jwks = createJwks({ jwksUri: provider.jwksUri, algorithms, fetch, privateHosts, clock, reports })
  const settings = { fetch, privateHosts, userAgent, reports }
  const http = createVendorHttp(settings)
  return {
    metadata: provider,
    clientId,
    jwks,
    verification: { jwks, algorithms, issuers: provider.issuers, clientId, clockToleranceSeconds, opaqueAccessTokens },
    clockToleranceSeconds,
    clock: clock ?? systemClock,
    secrets,
    reports,
    http,
    httpWithin: (deadlineSeconds) =>
      deadlineSeconds === undefined ? http : createVendorHttp({ ...settings, deadlineSeconds }),
  }
}
