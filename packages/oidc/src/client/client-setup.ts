import { createVendorHttp, type VendorHttp } from '@latchkey/core/http'
import { checkOptions, invalidOption, systemClock } from '@latchkey/core/provider'
import { requireAlgorithms, requireClockTolerance, requireEndpoint, requireText } from '../errors/options.ts'
import type { IdTokenRequirement } from '../verify/id-token.ts'
import { createJwks } from '../verify/jwks.ts'
import { requireClientAuthentication } from './client-authentication.ts'
import type { OidcClientOptions, OidcMetadata } from './client-options.ts'
import { type ClientRequests, createClientRequests } from './client-requests.ts'

/** What every request of a client needs to know. */
export interface ClientSetup {
  readonly metadata: OidcMetadata
  readonly clientId: string
  readonly clock: () => number
  readonly requests: ClientRequests
  /** What every ID token must say. */
  readonly verification: Pick<
    IdTokenRequirement,
    'jwks' | 'algorithms' | 'issuers' | 'clientId' | 'clockToleranceSeconds'
  >
  http(deadlineSeconds?: number): VendorHttp
}

/** The name by which errors call the factory. */
export const factory = 'createOidcClient'

/**
 * Checks the options of a client.
 *
 * @throws `core/invalid_option`
 */
export function createClientSetup(metadata: OidcMetadata, options: OidcClientOptions): ClientSetup {
  checkMetadata(metadata)
  checkOptions(factory, options, [
    'clientId',
    'clientAuthentication',
    'idTokenAlgorithms',
    'clockToleranceSeconds',
    'fetch',
    'clock',
    'userAgent',
  ])
  const { clientId, clientAuthentication, clockToleranceSeconds = 10, fetch, clock, userAgent } = options
  requireText(factory, 'clientId', clientId)
  requireClientAuthentication(factory, clientId, clientAuthentication)
  requireClockTolerance(factory, 'clockToleranceSeconds', clockToleranceSeconds)
  const algorithms = requireAlgorithms(factory, 'idTokenAlgorithms', options.idTokenAlgorithms)
  const jwks = createJwks({ jwksUri: metadata.jwksUri, algorithms, fetch, clock })
  const transport = { ...(fetch && { fetch }), ...(userAgent !== undefined && { userAgent }) }
  const http = createVendorHttp(transport)
  return {
    metadata,
    clientId,
    clock: clock ?? systemClock,
    requests: createClientRequests(clientId, clientAuthentication),
    verification: { jwks, algorithms, issuers: metadata.issuers, clientId, clockToleranceSeconds },
    http: (deadlineSeconds) =>
      deadlineSeconds === undefined ? http : createVendorHttp({ ...transport, deadlineSeconds }),
  }
}

function checkMetadata(metadata: OidcMetadata): void {
  checkOptions(factory, metadata, [
    'issuers',
    'authorizationEndpoint',
    'tokenEndpoint',
    'userinfoEndpoint',
    'jwksUri',
    'revocationEndpoint',
    'authorizationResponseIssuer',
  ])
  const { issuers, userinfoEndpoint, revocationEndpoint, authorizationResponseIssuer = 'optional' } = metadata
  if (!Array.isArray(issuers) || issuers.length === 0) throw invalidOption(factory, 'issuers', 'must name an issuer')
  for (const issuer of issuers) requireText(factory, 'issuers', issuer)
  requireEndpoint(factory, 'authorizationEndpoint', metadata.authorizationEndpoint)
  requireEndpoint(factory, 'tokenEndpoint', metadata.tokenEndpoint)
  requireEndpoint(factory, 'jwksUri', metadata.jwksUri)
  if (userinfoEndpoint !== undefined) requireEndpoint(factory, 'userinfoEndpoint', userinfoEndpoint)
  if (revocationEndpoint !== undefined) requireEndpoint(factory, 'revocationEndpoint', revocationEndpoint)
  if (!['required', 'optional'].includes(authorizationResponseIssuer)) {
    throw invalidOption(factory, 'authorizationResponseIssuer', 'must be required or optional')
  }
}
