import { defineErrors, type ErrorFactory } from '@latchkey/core/provider'

const definitions = {
  // tenant
  'wristband/tenant_required': {
    status: 400,
    message: 'This sign-in does not say to which organisation.',
    hint: 'The login named no tenant where one is needed: send `tenant_name`, give a `tenancy.default`, or turn `applicationAuthorization` on. With `resolveTenantId`, a login that began without a tenant must come back with `tenant_name`.',
  },
  'wristband/tenant_name_invalid': {
    status: 400,
    message: 'This is not the name of an organisation.',
    hint: "A tenant's name is one DNS label: letters, digits and inner hyphens, and its host's labels have at most 63 characters.",
  },
  'wristband/tenant_unknown': {
    status: 404,
    message: 'There is no such organisation.',
    hint: '`resolveTenantId` answered null for the name of this tenant.',
  },
  'wristband/tenant_mismatch': {
    status: 403,
    message: 'This sign-in belongs to another organisation.',
    hint: 'The tokens, userinfo or the callback name another tenant than the sign-in began with: a code of another tenant, or a wrong id from `resolveTenantId`.',
  },
  'wristband/tenant_missing': {
    status: 403,
    message: 'This sign-in does not prove its organisation.',
    hint: 'Neither a token nor userinfo has `tnt_id`. Check the application type of the client at Wristband.',
  },

  'wristband/custom_domain_invalid': {
    status: 400,
    message: 'This is not a domain of an organisation.',
    hint: 'A custom domain is a host name in lower case, without scheme and path.',
  },
  'wristband/custom_domain_not_allowed': {
    status: 403,
    message: 'This is not a domain of an organisation here.',
    hint: '`tenantCustomDomains` does not have it, or Wristband does not confirm it. Beside a `tenant_name` the login goes on at the host of that name.',
  },
  'wristband/custom_domain_unconfirmed': {
    status: 503,
    message: 'Domains cannot be checked right now.',
    hint: 'The validation endpoint of Wristband failed, the cause has its status; or too many domains that are not known were asked about. Beside a `tenant_name`, and for domains that `resolveTenantId` knows, nothing waits for it.',
  },

  // configuration
  'wristband/configuration_unavailable': {
    status: 503,
    message: 'The sign-in system cannot be asked for its settings right now.',
    hint: 'The SDK-configuration endpoint failed, or nothing was fetched yet: await `configure()` first. Compare the client id. The cause has its status.',
  },
  'wristband/configuration_invalid': {
    status: 502,
    message: 'The settings of the sign-in system cannot be read.',
    hint: 'The SDK-configuration endpoint answered with something that Wristband does not document. The cause names the member.',
  },

  // request
  'wristband/duplicate_parameter': {
    status: 400,
    message: 'A parameter of this sign-in is given twice.',
    hint: 'Send each parameter of the login route at most once. The cause names it.',
  },
  'wristband/hint_too_long': {
    status: 400,
    message: 'A hint of this sign-in is too long.',
    hint: '`login_hint` and `idp_hint` have at most 320 characters.',
  },

  'wristband/parameter_invalid': {
    status: 400,
    message: 'A parameter of this sign-in is not valid.',
    hint: '`prompt` is `login` or `none`; `max_age` is a number of seconds, and not 0 with `prompt=none`. The cause names it.',
  },
  'wristband/token_request_refused': {
    status: 403,
    message: 'The access token is for scripts of our own pages.',
    hint: 'Fetch it from a page of the same origin, with the header `X-Latchkey: 1`.',
  },
  'wristband/sdk_request_refused': {
    status: 403,
    message: 'This is for scripts of our own pages.',
    hint: 'The routes of `frontEndSdk` answer fetches of the same origin. The token also needs the header `X-CSRF-TOKEN`, with what the session route put in the cookie `CSRF-TOKEN`: ask that first. A cookie of that name from another host of the domain is in its way.',
  },
  'wristband/session_required': {
    status: 401,
    message: 'You are not signed in.',
    hint: 'The session has no Wristband identity, or its tokens have ended. Send the user to the sign-in page.',
  },
  'wristband/token_unavailable': {
    status: 503,
    message: 'There is no access token right now.',
    hint: 'It has expired, and Wristband does not refresh it for now. The session itself is alive.',
  },

  // sign-in
  'wristband/login_expired': {
    status: 400,
    message: 'This sign-in took too long.',
    hint: 'Begin again. A sign-in must come back within 10 minutes.',
  },
  'wristband/access_denied': {
    status: 403,
    message: 'The sign-in was declined.',
    hint: 'Wristband answered `access_denied`: the user declined, or may not use this application.',
  },
  'wristband/authorization_refused': {
    status: 400,
    message: 'The sign-in system refused this sign-in.',
    hint: 'Compare scopes, redirect URIs and grant types of the client at Wristband. The cause says which error it was.',
  },
  'wristband/authentication_too_old': {
    status: 403,
    message: 'The proof of who you are is too old.',
    hint: 'The sign-in asked for `maxAuthAgeSeconds`, and `auth_time` is older, in the future or absent.',
  },
  'wristband/userinfo_invalid': {
    status: 502,
    message: 'The sign-in system described the user in a way that cannot be read.',
    hint: 'A userinfo claim that the profile keeps has another type than Wristband documents. The cause names the claim.',
  },

  'wristband/profile_failed': {
    status: 500,
    message: 'Something went wrong.',
    hint: 'The `profile` function threw, or did not return a plain object of JSON values. It is synchronous.',
  },

  // tokens
  'wristband/refresh_token_invalid': {
    status: 401,
    message: 'This sign-in has ended.',
    hint: 'The refresh token is missing, expired, used or revoked (`invalid_grant`). The user must sign in again.',
  },
  'wristband/refresh_refused': {
    status: 502,
    message: 'The sign-in system did not refresh this sign-in.',
    hint: 'The token endpoint refused the refresh for another reason than the token. Compare grant types of the client. The cause says which error it was.',
  },
  'wristband/client_mismatch': {
    status: 401,
    message: 'The token was issued to another application.',
    hint: 'Its `client_id` is not on `allowedClientIds`, which is our own client id by default.',
  },
  'wristband/access_token_invalid': {
    status: 401,
    message: 'The token does not say what an access token of Wristband says.',
    hint: '`sub_kind` must be `user` or `client`, `scope` a text and `tnt_id` an id. The cause names the claim.',
  },
} as const

type WristbandErrorCode = keyof typeof definitions

/** The errors of this package. What is wrong with a callback or a token as such is an `oidc/…` error. */
export const wristbandError: ErrorFactory<WristbandErrorCode> = defineErrors(definitions)
