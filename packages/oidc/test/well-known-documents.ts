/** The members that matter here, in the shape in which well-known providers have them; names of tenants are made up. */
interface Shape {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly jwks_uri: string
  readonly [member: string]: unknown
}

const rs256 = { id_token_signing_alg_values_supported: ['RS256'] }
const secrets = { token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'] }

/** Below one path, with the names that Keycloak gave its endpoints. */
function below(issuer: string, base: string, more: Readonly<Record<string, unknown>> = {}): Shape {
  return {
    issuer,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    jwks_uri: `${base}/keys`,
    userinfo_endpoint: `${base}/userinfo`,
    ...rs256,
    ...secrets,
    ...more,
  }
}

const entra = 'https://login.microsoftonline.com/00000000-0000-4000-8000-000000000001'
const keycloak = 'https://sso.example.org/realms/staff/protocol/openid-connect'
const auth0 = 'https://example.eu.auth0.com'
const okta = 'https://example.okta.com/oauth2/default'
const cognito = 'https://example.auth.eu-central-1.amazoncognito.com'

export const wellKnownDocuments: Readonly<Record<string, Shape>> = {
  Google: below('https://accounts.google.com', 'https://oauth2.googleapis.com', {
    authorization_endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
    jwks_uri: 'https://www.googleapis.com/oauth2/v3/certs',
    userinfo_endpoint: 'https://openidconnect.googleapis.com/v1/userinfo',
    revocation_endpoint: 'https://oauth2.googleapis.com/revoke',
  }),
  Entra: below(`${entra}/v2.0`, `${entra}/oauth2/v2.0`, {
    jwks_uri: `${entra}/discovery/v2.0/keys`,
    userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
    end_session_endpoint: `${entra}/oauth2/v2.0/logout`,
  }),
  Keycloak: below('https://sso.example.org/realms/staff', keycloak, {
    end_session_endpoint: `${keycloak}/logout`,
    revocation_endpoint: `${keycloak}/revoke`,
    backchannel_logout_supported: true,
    authorization_response_iss_parameter_supported: true,
    id_token_signing_alg_values_supported: ['PS384', 'RS384', 'EdDSA', 'ES384', 'HS256', 'ES256', 'RS256', 'PS256'],
  }),
  Auth0: below(`${auth0}/`, `${auth0}/oauth`, {
    authorization_endpoint: `${auth0}/authorize`,
    jwks_uri: `${auth0}/.well-known/jwks.json`,
    userinfo_endpoint: `${auth0}/userinfo`,
    end_session_endpoint: `${auth0}/oidc/logout`,
    id_token_signing_alg_values_supported: ['HS256', 'RS256', 'PS256'],
  }),
  Okta: below(okta, `${okta}/v1`, {
    end_session_endpoint: `${okta}/v1/logout`,
    revocation_endpoint: `${okta}/v1/revoke`,
  }),
  Apple: below('https://appleid.apple.com', 'https://appleid.apple.com/auth', {
    userinfo_endpoint: undefined,
    revocation_endpoint: 'https://appleid.apple.com/auth/revoke',
    token_endpoint_auth_methods_supported: ['client_secret_post'],
  }),
  GitLab: below('https://gitlab.com', 'https://gitlab.com/oauth', {
    jwks_uri: 'https://gitlab.com/oauth/discovery/keys',
    revocation_endpoint: 'https://gitlab.com/oauth/revoke',
  }),
  Cognito: below('https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example', `${cognito}/oauth2`, {
    jwks_uri: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example/.well-known/jwks.json',
    end_session_endpoint: `${cognito}/logout`,
  }),
  LinkedIn: below('https://www.linkedin.com/oauth', 'https://www.linkedin.com/oauth/v2', {
    jwks_uri: 'https://www.linkedin.com/oauth/openid/jwks',
    userinfo_endpoint: 'https://api.linkedin.com/v2/userinfo',
  }),
  Zitadel: below('https://example.zitadel.cloud', 'https://example.zitadel.cloud/oauth/v2', {
    end_session_endpoint: 'https://example.zitadel.cloud/oidc/v1/end_session',
    id_token_signing_alg_values_supported: ['EdDSA', 'RS256', 'ES256'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  }),
  Slack: below('https://slack.com', 'https://slack.com/openid/connect', {
    token_endpoint: 'https://slack.com/api/openid.connect.token',
    userinfo_endpoint: 'https://slack.com/api/openid.connect.userInfo',
  }),
  PingOne: below(
    'https://auth.pingone.eu/00000000-0000-4000-8000-000000000002/as',
    'https://auth.pingone.eu/00000000-0000-4000-8000-000000000002/as',
    {
      end_session_endpoint: 'https://auth.pingone.eu/00000000-0000-4000-8000-000000000002/as/signoff',
      userinfo_endpoint: null,
    },
  ),
}
