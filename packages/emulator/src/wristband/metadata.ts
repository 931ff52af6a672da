import { randomUUID } from 'node:crypto'
import { clients } from '../seed.ts'
import type { Handler } from '../server/router.ts'
import type { WristbandState } from './state.ts'
import { tenantOf, tenantUrl, unknownTenantPage } from './tenant-host.ts'

/** GET /api/v1/oauth2/jwks. */
export const jwks =
  (state: WristbandState): Handler =>
  () =>
    Response.json(state.keys.jwks())

/** GET /.well-known/openid-configuration on a tenant's host. */
export const discovery =
  (state: WristbandState): Handler =>
  (request) => {
    const tenant = tenantOf(request)
    if (!tenant) return unknownTenantPage()
    return Response.json({
      issuer: state.url,
      authorization_endpoint: `${tenantUrl(state, tenant)}/api/v1/oauth2/authorize`,
      token_endpoint: `${state.url}/api/v1/oauth2/token`,
      userinfo_endpoint: `${state.url}/api/v1/oauth2/userinfo`,
      revocation_endpoint: `${state.url}/api/v1/oauth2/revoke`,
      jwks_uri: `${state.url}/api/v1/oauth2/jwks`,
      scopes_supported: ['openid', 'offline_access', 'profile', 'email', 'phone', 'roles'],
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
      code_challenge_methods_supported: ['S256'],
    })
  }

/** GET /api/v1/clients/{clientId}/sdk-configuration. */
export const sdkConfiguration =
  (state: WristbandState): Handler =>
  (_request, { parameters, note }) => {
    if (parameters.clientId !== clients.wristband.clientId) {
      note('client_not_found')
      return Response.json(
        { type: 'base_error', code: 'client_not_found', message: 'The client is unknown.', ticket: randomUUID() },
        { status: 404 },
      )
    }
    const [only, ...others] = state.redirectUris
    return Response.json({
      loginUrl: clients.wristband.loginUrl,
      redirectUri: others.length > 0 ? null : only,
      // Tenant hosts are dotted here, as under an application's custom domain.
      isApplicationCustomDomainActive: true,
      customApplicationLoginPageUrl: null,
      loginUrlTenantDomainSuffix: null,
      applicationAuthorizationRequestsEnabled: false,
    })
  }
