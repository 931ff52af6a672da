import { createVendorReports, type VendorReports } from '@latchkey/core/http'
import { faultOf, isAuthError, isLoopback, type ProviderHost } from '@latchkey/core/provider'
import { createDiscovery, type Discovery } from '../client/discovery.ts'
import type { DiscoveryDocument } from '../client/discovery-document.ts'
import { createOidcClient, type OidcClient } from '../client/oidc-client.ts'
import { oidcError } from '../errors/oidc-errors.ts'
import type { ProviderSettings } from './options.ts'

/** This app as a client of one provider, mounted: what all routes of `oidcProvider` work on. */
export interface RelyingParty<Name extends string = string> {
  readonly settings: ProviderSettings<Name>
  readonly host: ProviderHost
  readonly discovery: Discovery
  /**
   * The client by what the provider says of itself now.
   *
   * @throws the codes of `Discovery.read`
   */
  client(): Promise<OidcClient>
}

/** Makes it. Calls nobody. */
export function createRelyingParty<Name extends string>(
  settings: ProviderSettings<Name>,
  host: ProviderHost,
): RelyingParty<Name> {
  const { issuer, endpointOrigins, fetch } = settings
  const reports = createVendorReports()
  reports.subscribe(host.observeVendor)
  const discovery = createDiscovery({
    issuer,
    endpointOrigins,
    fetch,
    clock: host.clock,
    reports,
    onMoved: (endpoint) => host.emit({ type: 'provider.metadata_changed', endpoint }),
    onFailed: (error) =>
      host.emit({
        type: 'provider.metadata_failed',
        ...(isAuthError(error) ? faultOf(error) : { code: 'core/internal_error' }),
      }),
  })
  // What a client knows of keys and secrets lasts as long as the document stays the same.
  let made: { readonly document: DiscoveryDocument; readonly client: OidcClient } | null = null
  return {
    settings,
    host,
    discovery,
    async client() {
      const document = await discovery.read()
      if (made?.document !== document)
        made = { document, client: toClient(settings, document, { clock: host.clock, reports }) }
      return made.client
    },
  }
}

function toClient(
  settings: ProviderSettings,
  document: DiscoveryDocument,
  { clock, reports }: Pick<ProviderHost, 'clock'> & { readonly reports: VendorReports },
): OidcClient {
  const { issuer, clientId, signingAlgorithms, clockToleranceSeconds, fetch } = settings
  const {
    endpoints,
    signingAlgorithms: listed,
    clientAuthentications,
    promisesIssuer,
    requiresPushedRequests,
  } = document
  const algorithms = signingAlgorithms.filter((algorithm) => listed === undefined || listed.includes(algorithm))
  if (algorithms.length === 0) {
    throw oidcError('oidc/metadata_invalid', {
      hint: 'The provider signs ID tokens by none of `signingAlgorithms`.',
      cause: { member: 'id_token_signing_alg_values_supported' },
    })
  }
  const { hostname } = new URL(issuer)
  return createOidcClient(
    {
      issuers: [issuer],
      authorizationEndpoint: endpoints.authorization_endpoint,
      tokenEndpoint: endpoints.token_endpoint,
      jwksUri: endpoints.jwks_uri,
      userinfoEndpoint: endpoints.userinfo_endpoint,
      revocationEndpoint: endpoints.revocation_endpoint,
      endSessionEndpoint: endpoints.end_session_endpoint,
      // One that is offered and not required would cost each login a request.
      pushedAuthorizationRequestEndpoint: requiresPushedRequests
        ? endpoints.pushed_authorization_request_endpoint
        : undefined,
      authorizationResponseIssuer: promisesIssuer ? 'required' : 'optional',
    },
    {
      clientId,
      clientAuthentication: settings.authenticationFor(clientAuthentications),
      idTokenAlgorithms: algorithms,
      // RFC 9068, section 6: a client does not look into them. Entra names the user by another `sub` there.
      opaqueAccessTokens: true,
      clockToleranceSeconds,
      fetch,
      // The document is not ours. Where the app named the host, that may be in its own network.
      privateHosts: isLoopback(hostname) ? undefined : [hostname],
      clock,
      reports,
    },
  )
}
