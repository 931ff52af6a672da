import { clients } from '../seed.ts'
import type { Handler } from '../server/router.ts'
import { baseError } from './api-errors.ts'
import type { WristbandState } from './state.ts'
import { applicationUrl, tenantHostOf, unknownTenantPage } from './tenant-host.ts'

/** GET /api/v1/oauth2/jwks. */
export const jwks =
  (state: WristbandState): Handler =>
  async () =>
    Response.json(await state.keys.jwks())

/** GET /.well-known/openid-configuration on a tenant's host. */
export const discovery =
  (state: WristbandState): Handler =>
  (request) => {
    const host = tenantHostOf(state, request)
    if (!host) return unknownTenantPage()
    const own = applicationUrl(state)
    return Response.json({
      issuer: own,
      authorization_endpoint: `${new URL(request.url).origin}/api/v1/oauth2/authorize`,
      token_endpoint: `${own}/api/v1/oauth2/token`,
      userinfo_endpoint: `${own}/api/v1/oauth2/userinfo`,
      revocation_endpoint: `${own}/api/v1/oauth2/revoke`,
      jwks_uri: `${own}/api/v1/oauth2/jwks`,
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
      return baseError(404, { code: 'client_not_found', message: 'The client is unknown.' })
    }
    const { application } = state
    const [only, ...others] = application.redirectUris
    return Response.json({
      loginUrl: application.loginUrl,
      redirectUri: others.length > 0 ? null : (only ?? null),
      isApplicationCustomDomainActive: application.customDomainActive,
      customApplicationLoginPageUrl: application.customLoginPageUrl,
      loginUrlTenantDomainSuffix: application.tenantDomainSuffix,
      applicationAuthorizationRequestsEnabled: application.authorizationRequests,
    })
  }
