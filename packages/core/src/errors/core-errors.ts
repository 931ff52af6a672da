import { type AuthError, defineErrors, type ErrorDefinition, type ErrorFactory, isAuthError } from './auth-error.ts'

const definitions = {
  // configuration
  'core/invalid_option': {
    status: 500,
    message: 'An option is not valid.',
    hint: 'Correct the option that the hint names.',
  },
  'core/not_mounted': {
    status: 500,
    message: 'Something went wrong.',
    hint: 'A guard ran where no auth is mounted, or a session was asked for where no guard ran. Register the adapter first, and put the guard on the route.',
  },

  // request
  'core/not_found': {
    status: 404,
    message: 'There is no such route.',
    hint: 'Compare the path with `auth.routes`.',
  },
  'core/method_not_allowed': {
    status: 405,
    message: 'This route takes another method.',
    hint: 'Compare the method with `auth.routes`. Only POST changes state.',
  },
  'core/unknown_host': {
    status: 421,
    message: 'This host is not one of ours.',
    hint: 'The Host header names none of the origins in `baseUrl`. Behind a proxy that rewrites it, set `trustedProxy`.',
  },
  'core/not_a_navigation': {
    status: 400,
    message: 'This page must be opened by a navigation.',
    hint: 'Link to it with a plain <a>, never with a prefetching link or fetch.',
  },
  'core/cross_origin': {
    status: 403,
    message: 'This request came from another site.',
    hint: 'Send it from a page of the same origin, or list the other origin in `trustedOrigins`.',
  },
  'core/body_unreadable': {
    status: 400,
    message: 'The body is neither a form nor a JSON object.',
    hint: 'Send application/x-www-form-urlencoded or application/json with plain string fields, each once.',
  },
  'core/body_too_large': {
    status: 413,
    message: 'The body is too large.',
    hint: 'Bodies of these routes are a few short fields: 64 KiB at most.',
  },
  'core/sessions_external': {
    status: 500,
    message: 'Something went wrong.',
    hint: 'The app keeps its own sessions (`strategy: external`): read, change and end them there.',
  },
  'core/rate_limited': {
    status: 429,
    message: 'There were too many attempts. Try again later.',
    hint: '`rateLimit` of `createAuth` did not answer `true`. Nothing was redeemed or written.',
  },
  'core/rate_limit_unavailable': {
    status: 503,
    message: 'This is not available right now.',
    hint: '`rateLimit` of `createAuth` threw or took more than a second. To let attempts pass then, catch in the hook. A sign-out goes on.',
  },
  'core/internal_error': {
    status: 500,
    message: 'Something went wrong.',
    hint: 'A bug, or a callback of the app that threw. The cause names the kind of error.',
  },

  // session
  'core/session_too_large': {
    status: 500,
    message: 'The session does not fit into its cookies.',
    hint: 'Keep less in the session: proxies cut header lines at 8 kB and Node answers 431 near 16 kB. The hint of the event names the largest fields.',
  },
  'auth/session_required': {
    status: 401,
    message: 'You are not signed in.',
    hint: 'Send the user to the sign-in page.',
  },
  'auth/step_up_required': {
    status: 403,
    message: 'This needs a fresh proof of who you are.',
    hint: 'Send the user to the sign-in of the provider that the requirement names.',
  },
  'auth/tenant_required': {
    status: 403,
    message: 'This belongs to another tenant.',
    hint: 'The session is signed in to another tenant than the requirement names.',
  },

  'auth/forbidden': {
    status: 403,
    message: 'You may not do this.',
    hint: 'The `where` of a requirement did not answer `true`.',
  },

  // sign-in
  'auth/sign_in_refused': {
    status: 403,
    message: 'This sign-in was refused.',
    hint: '`onSignIn` refused it. The session is as it was before.',
  },
  'auth/sign_in_unconfirmed': {
    status: 409,
    message: 'This sign-in was not begun from this session.',
    hint: 'Somebody else is signed in, and no page of ours began this sign-in in their session. The answer is a page on which the user confirms it; begin sign-ins by a link of your own pages.',
  },
  'auth/session_changed': {
    status: 409,
    message: 'Another session took the place of the one that this sign-in began in.',
    hint: 'Begin the sign-in again in the session that is alive now.',
  },
  'auth/login_expired': {
    status: 400,
    message: 'This sign-in took too long.',
    hint: 'Begin again. A sign-in must come back within 10 minutes.',
  },
  'auth/login_replayed': {
    status: 400,
    message: 'This sign-in has been completed before.',
    hint: 'A callback was sent twice, or a copied one was used. Begin again.',
  },
  'auth/return_url_invalid': {
    status: 400,
    message: 'The return URL is not one of ours.',
    hint: 'Use a path of this origin outside of the auth routes, or list the other origin in `returnOrigins`.',
  },

  // sign-out
  'auth/sign_out_incomplete': {
    status: 503,
    message: 'You are signed out in this browser, but not everything could be ended. Sign out again.',
    hint: 'The store failed or was late. A sign-out that follows in this browser within 10 minutes ends what is left.',
    expose: true,
  },

  // tokens
  'auth/bearer_required': {
    status: 401,
    message: 'This needs an access token.',
    hint: 'Send `Authorization: Bearer` with one access token.',
  },
  'auth/bearer_invalid': {
    status: 401,
    message: 'The access token is not valid.',
    hint: 'The cause names the code of the check that refused it.',
  },
  'auth/bearer_refused': {
    status: 403,
    message: 'The access token may not do this.',
    hint: 'It belongs to a machine where a user is required, or the other way round.',
  },
  'auth/bearer_revoked': {
    status: 401,
    message: 'The access token is not valid any more.',
    hint: 'The sign-ins of this user were revoked after the token was issued. The user must sign in again.',
  },
  'auth/scope_required': {
    status: 403,
    message: 'The access token lacks a scope.',
    hint: 'Ask for the scopes that the requirement names when the token is requested.',
  },
  'auth/tokens_missing': {
    status: 403,
    message: 'There are no tokens for this.',
    hint: 'The session has no identity of this provider, or the provider keeps no tokens.',
  },
  'auth/tokens_unavailable': {
    status: 503,
    message: 'The tokens could not be refreshed right now.',
    hint: 'They have expired and the vendor does not refresh them at the moment. The session is kept.',
  },
  'core/work_under_way': {
    status: 503,
    message: 'This is being done by another request.',
    hint: 'Ask again in a moment.',
  },
  'auth/store_unavailable': {
    status: 503,
    message: 'Sessions are not available right now.',
    hint: 'The store did not answer within 500 ms, or failed.',
  },

  // http
  'core/insecure_url': {
    status: 500,
    message: 'An address of another system is not safe to call.',
    hint: 'Use an https URL without user name and password. Plain http is for loopback hosts.',
  },
  'core/unexpected_redirect': {
    status: 502,
    message: 'Another system answered with a redirect.',
    hint: 'Redirects are never followed: they would carry tokens elsewhere. Correct the configured host.',
  },
  'core/private_address': {
    status: 502,
    message: 'Another system is not where it should be.',
    hint: 'A host that a document of somebody else names is at a loopback, private or link-local address. Nothing was sent there. The cause names the endpoint.',
  },
  'core/vendor_timeout': {
    status: 504,
    message: 'Another system took too long.',
    hint: 'Its answer was not complete within the deadline. The cause names the endpoint.',
  },
  'core/vendor_unreachable': {
    status: 502,
    message: 'Another system cannot be reached.',
    hint: 'The request could not be sent, or the connection broke. Look at DNS, TLS, proxies and the configured host.',
  },
  'core/vendor_response_too_large': {
    status: 502,
    message: 'Another system sent too much.',
    hint: 'Its answer was cut off at the limit. The cause names the endpoint.',
  },
  'core/vendor_response_invalid': {
    status: 502,
    message: 'Another system sent something that is not understood.',
    hint: 'The answer must be UTF-8 JSON under a JSON content type. The cause names the endpoint.',
  },
  // end http
} as const

type CoreErrorCode = keyof typeof definitions

/** The errors of core: `core/…` is configuration, host and transport; `auth/…` is what a user meets. */
export const coreError: ErrorFactory<CoreErrorCode> = defineErrors(definitions)

const providerErrorDefinitions = {
  missing_state: {
    status: 400,
    message: 'The answer of the sign-in system has no state.',
    hint: 'The callback was opened by hand, or the vendor dropped the parameter.',
  },
  invalid_state: {
    status: 400,
    message: 'The state of this sign-in is not ours.',
    hint: 'The callback was forged or cut, came to another host than the login began on, or `secrets` no longer holds the secret that made it. Or a provider of your own signed somebody in who brought no login.',
  },
  restarted_in_vain: {
    status: 400,
    message: 'This sign-in could not be completed.',
    hint: 'The login was begun again once and failed in the same way, or its route had checked no state to count by. The code names the reason; a browser that keeps no cookies does this.',
  },
} as const

type ProviderErrorName = keyof typeof providerErrorDefinitions

/** Errors that core finds in a provider's login: their codes begin with the provider's name, `{provider}/invalid_state`. */
export const providerErrors: Readonly<Record<ProviderErrorName, ErrorDefinition>> = providerErrorDefinitions

/**
 * Anything that was thrown, as one of our errors: of a foreign one only the kind is kept, for its text may hold secrets.
 * One whose status would answer as a success is foreign too.
 */
export function asAuthError(error: unknown): AuthError {
  if (isAuthError(error) && error.status >= 400 && error.status <= 599) return error
  const kind = error instanceof Error ? error.name : typeof error
  return coreError('core/internal_error', { cause: { error: kind } })
}

/** The error for a path that none of our routes has: `core/not_found`. */
export function notFound(): AuthError {
  return coreError('core/not_found')
}

/** The error for a guard or a session that is used where an adapter is not mounted: `core/not_mounted`. */
export function notMounted(): AuthError {
  return coreError('core/not_mounted')
}
