import { defineErrors, type ErrorFactory } from '@latchkey/core/provider'

const definitions = {
  // tenant
  'wristband/tenant_required': {
    status: 400,
    message: 'This sign-in does not say to which organisation.',
    hint: 'Send `tenant_name` to the login route, or give the provider a `tenancy.default`.',
  },
  'wristband/tenant_name_invalid': {
    status: 400,
    message: 'This is not the name of an organisation.',
    hint: "A tenant's name is one DNS label: letters, digits and inner hyphens, and its host's labels have at most 63 characters.",
  },
  'wristband/tenant_unknown': {
    status: 404,
    message: 'There is no such organisation.',
    hint: '`tenantId` answered null for the name of this tenant.',
  },
  'wristband/tenant_mismatch': {
    status: 403,
    message: 'This sign-in belongs to another organisation.',
    hint: 'The tokens, userinfo or the callback name another tenant than the sign-in began with: a code of another tenant, or a wrong id from `tenantId`.',
  },
  'wristband/tenant_missing': {
    status: 403,
    message: 'This sign-in does not prove its organisation.',
    hint: 'Neither a token nor userinfo has `tnt_id`. Check the application type of the client at Wristband.',
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

  // sign-in
  'wristband/login_expired': {
    status: 400,
    message: 'This sign-in took too long.',
    hint: 'Begin again. A sign-in must come back within 10 minutes.',
  },
  'wristband/access_denied': {
    status: 403,
    message: 'The sign-in was declined.',
    hint: 'Wristband answered `access_denied`: the person declined, or may not use this application.',
  },
  'wristband/authorization_refused': {
    status: 400,
    message: 'The sign-in system refused this sign-in.',
    hint: 'Compare scopes, redirect URIs and grant types of the client at Wristband. The cause says which error it was.',
  },
  'wristband/authentication_too_old': {
    status: 403,
    message: 'The proof of who you are is too old.',
    hint: 'The sign-in asked for `maxAgeSeconds`, and `auth_time` is older, in the future or absent.',
  },
  'wristband/userinfo_invalid': {
    status: 502,
    message: 'The sign-in system described the person in a way that cannot be read.',
    hint: 'A userinfo claim has another type than Wristband documents. The cause names the claim.',
  },
} as const

type WristbandErrorCode = keyof typeof definitions

/** The errors of this package. What is wrong with a callback or a token as such is an `oidc/…` error. */
export const wristbandError: ErrorFactory<WristbandErrorCode> = defineErrors(definitions)
