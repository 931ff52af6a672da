import { defineErrors, type ErrorFactory } from '@latchkey/core/provider'

const definitions = {
  // user
  'wise/identity_count': {
    status: 500,
    message: 'This account cannot be matched with one in Wise.',
    hint: 'A Wise user has exactly one of userId, vendorUserId, email and phoneNumber. Leave the others out, or undefined.',
  },
  'wise/identity_invalid': {
    status: 500,
    message: 'This account cannot be matched with one in Wise.',
    hint: 'An id is a text of 1 to 255 characters without control characters and without white space at its ends; `email` is one plain address, `phoneNumber` is E.164 with `+`. The cause names the member.',
  },
  'wise/identity_unverified': {
    status: 403,
    message: 'This e-mail address or phone number is not verified.',
    hint: 'Wise finds the account by this value, so an unverified one would open the account of another user. Verify it, or use vendorUserId.',
  },
  'wise/name_invalid': {
    status: 500,
    message: 'The name of this account cannot be sent to Wise.',
    hint: 'The name must be a string of 1 to 200 characters besides white space at its ends, without control characters.',
  },
  'wise/profile_invalid': {
    status: 500,
    message: 'The role of this account cannot be sent to Wise.',
    hint: 'The profile must be "student" or "teacher". Map the roles of the app explicitly, without a default that gives rights.',
  },
  'wise/user_unknown': {
    status: 403,
    message: 'This account has no access to Wise.',
    hint: '`resolveUser` gave null for this session.',
  },

  // path
  'wise/path_unsafe': {
    status: 400,
    message: 'This page cannot be opened in Wise.',
    hint: 'The path must be root-relative, such as /student/classes, without dot segments, backslashes or control characters.',
  },
  'wise/path_not_allowed': {
    status: 400,
    message: 'This page cannot be opened in Wise.',
    hint: 'The path is not among `paths` of `wiseProvider`.',
  },

  'wise/url_too_long': {
    status: 500,
    message: 'The way to Wise cannot be opened.',
    hint: 'The URL would have 8,000 characters or more, which servers and proxies cut. Shorten the path, the name or the id.',
  },

  // configuration
  'wise/nonce_invalid': {
    status: 500,
    message: 'The way to Wise cannot be opened.',
    hint: 'The `nonce` option must give a string of 1 to 36 characters.',
  },
  'wise/clock_invalid': {
    status: 500,
    message: 'The way to Wise cannot be opened.',
    hint: 'The `clock` option must give whole seconds since 1970, not milliseconds.',
  },
  'wise/runs_in_browser': {
    status: 500,
    message: 'Wise URLs are not signed in a browser.',
    hint: 'Anyone who has the secret can sign in to Wise as any user: keep it, and this package, on the server.',
  },
} as const

type WiseErrorCode = keyof typeof definitions

/** The errors of this package. */
export const wiseError: ErrorFactory<WiseErrorCode> = defineErrors(definitions)
