import { defineErrors, type ErrorFactory } from '@latchkey/core/provider'

const definitions = {
  // discovery
  'oidc/metadata_unavailable': {
    status: 503,
    message: 'The sign-in system cannot be reached right now.',
    hint: '`{issuer}/.well-known/openid-configuration` did not answer with 200, and no copy of it is younger than 24 hours. The cause names the error.',
  },
  'oidc/metadata_invalid': {
    status: 502,
    message: 'The sign-in system describes itself in a way that is not accepted.',
    hint: 'The cause names the member of the discovery document. Endpoints are https, without user info, never an address, a loopback or a private name unless the issuer is one, and on `endpointOrigins` where you list them.',
  },
  'oidc/metadata_issuer_mismatch': {
    status: 502,
    message: 'Another sign-in system answered.',
    hint: 'The `issuer` of the discovery document must be the option `issuer`, character by character.',
  },

  // login
  'oidc/parameter_invalid': {
    status: 400,
    message: 'The link to this sign-in is not valid.',
    hint: 'The cause names the parameter of the login route. Each comes once; see the README for their values.',
  },
  'oidc/access_denied': {
    status: 403,
    message: 'The sign-in was cancelled.',
    hint: 'The user or the provider refused: `access_denied`.',
  },
  'oidc/authorization_refused': {
    status: 502,
    message: 'The sign-in system refused this sign-in.',
    hint: 'The authorization endpoint answered with an error, or the one for pushed requests did. The cause names it; compare scopes and parameters with the provider.',
  },
  'oidc/authentication_too_old': {
    status: 403,
    message: 'The sign-in system did not ask for a new proof.',
    hint: 'The login asked for `max_age`, and the ID token has no `auth_time`, or an older one.',
  },
  'oidc/profile_failed': {
    status: 500,
    message: 'Something went wrong.',
    hint: 'The `profile` function threw, or did not return a plain object of JSON values. It is synchronous.',
  },

  // callback
  'oidc/callback_invalid': {
    status: 400,
    message: 'The answer of the sign-in system cannot be read.',
    hint: 'The callback repeats a parameter, has both or neither of `code` and `error`, or carries tokens. It was forged or cut.',
  },
  'oidc/state_mismatch': {
    status: 400,
    message: 'This sign-in was not begun here.',
    hint: 'The `state` of the callback is missing or belongs to another login.',
  },
  'oidc/response_issuer_mismatch': {
    status: 400,
    message: 'Another sign-in system answered.',
    hint: 'The `iss` of the callback is not one of `issuers`, or is missing where the provider promises it (RFC 9207).',
  },

  // all endpoints
  'oidc/provider_busy': {
    status: 503,
    message: 'The sign-in system has too much to do right now. Try again in a moment.',
    hint: 'An endpoint answered 429, or 503 with `Retry-After`: this application asks too often, or many do. Our answer has the same `Retry-After`. Ask the provider about its limits.',
  },

  // token endpoint
  'oidc/client_refused': {
    status: 502,
    message: 'The sign-in system does not accept this application.',
    hint: 'Compare the client id, the client secret and the way of client authentication with the provider. The cause names the error.',
  },
  'oidc/token_request_failed': {
    status: 502,
    message: 'The sign-in system failed.',
    hint: 'The token endpoint answered with an error that is not an OAuth error. The cause has its status, and how long it asks to wait.',
  },
  'oidc/grant_refused': {
    status: 502,
    message: 'The sign-in system gave this application no token.',
    hint: 'The token endpoint refused the grant. Compare grant types and scopes of the client. The cause names the error.',
  },
  'oidc/token_response_invalid': {
    status: 502,
    message: 'The answer of the sign-in system cannot be used.',
    hint: 'The token endpoint answered with something that is not a token response (RFC 6749, section 5.1).',
  },
  'oidc/id_token_missing': {
    status: 502,
    message: 'The sign-in system did not say who signed in.',
    hint: 'The token response has no `id_token`. Ask for the scope `openid`.',
  },

  // tokens
  'oidc/token_malformed': {
    status: 401,
    message: 'The token cannot be read.',
    hint: 'It is not a compact JWS of at most 64 KiB with a plain header, or its JSON is ambiguous.',
  },
  'oidc/algorithm_not_allowed': {
    status: 401,
    message: 'The token is signed in a way that is not accepted.',
    hint: 'Its `alg` is not on the list of accepted algorithms. Add it only if the provider documents it.',
  },
  'oidc/key_not_found': {
    status: 401,
    message: 'The token is signed with an unknown key.',
    hint: 'The JWKS has no key that fits, or several without a `kid`. After a key change a new key is found within 10 s.',
  },
  'oidc/signature_invalid': {
    status: 401,
    message: 'The signature of the token is wrong.',
    hint: 'The token was changed, or signed by someone else.',
  },
  'oidc/type_not_allowed': {
    status: 401,
    message: 'The token is of another kind.',
    hint: 'Its header `typ` is not accepted here: an access token is no ID token, and the reverse.',
  },
  'oidc/issuer_mismatch': {
    status: 401,
    message: 'The token is from another issuer.',
    hint: 'Its `iss` is not one of the configured issuers. A custom domain changes the issuer: list both.',
  },
  'oidc/subject_missing': {
    status: 401,
    message: 'The token names nobody.',
    hint: 'Its `sub` is missing or not a text of 1 to 255 characters.',
  },
  'oidc/audience_mismatch': {
    status: 401,
    message: 'The token is for another application.',
    hint: 'Its `aud` does not hold the expected audience.',
  },
  'oidc/authorized_party_mismatch': {
    status: 401,
    message: 'The token was issued to another application.',
    hint: 'Its `azp` is not the client id, or is missing although there are several audiences.',
  },
  'oidc/token_expired': {
    status: 401,
    message: 'The token has expired.',
    hint: 'Its `exp` has passed or is no number of seconds. Compare the clocks.',
  },
  'oidc/issued_at_invalid': {
    status: 401,
    message: 'The token is from the future.',
    hint: 'Its `iat` is missing, no number of seconds, or ahead of our clock. Compare the clocks.',
  },
  'oidc/not_yet_valid': {
    status: 401,
    message: 'The token is not valid yet.',
    hint: 'Its `nbf` is ahead of our clock or no number of seconds. Compare the clocks.',
  },
  'oidc/nonce_mismatch': {
    status: 401,
    message: 'The token belongs to another sign-in.',
    hint: 'Its `nonce` is missing or not the one of this login.',
  },
  'oidc/access_token_hash_mismatch': {
    status: 401,
    message: 'The tokens do not belong together.',
    hint: 'The `at_hash` of the ID token is not the hash of the access token; or a page brought both, and neither `at_hash` nor the same `sid` and `sub` in both ties them.',
  },
  'oidc/subject_mismatch': {
    status: 401,
    message: 'The tokens are of two users.',
    hint: 'The access token, the userinfo answer or a refreshed token has another `sub` than the ID token of the login.',
  },

  // back-channel logout
  'oidc/logout_token_refused': {
    status: 400,
    message: 'The logout token is not accepted.',
    hint: 'The cause names the check that refused it (OpenID Connect Back-Channel Logout 1.0, section 2.6).',
  },

  // other endpoints
  'oidc/userinfo_failed': {
    status: 502,
    message: 'The sign-in system did not describe the user.',
    hint: 'The userinfo endpoint refused the access token, failed, or did not answer with a JSON object; at a refresh also: with one that names nobody. The cause has its status.',
  },
  'oidc/revocation_failed': {
    status: 502,
    message: 'The sign-in system did not take a token back.',
    hint: 'The revocation endpoint refused or failed (RFC 7009). The token stays good until it expires. The cause has the status.',
  },
  'oidc/jwks_unavailable': {
    status: 503,
    message: 'Tokens cannot be checked right now.',
    hint: 'The JWKS could not be fetched, and no copy of it is younger than 60 minutes. The cause names the error.',
  },
} as const

/** The codes of this package. */
export type OidcErrorCode = keyof typeof definitions

/** The errors of this package. 400 is a bad callback, 401 a refused token, 502 and 503 a fault of the provider. */
export const oidcError: ErrorFactory<OidcErrorCode> = defineErrors(definitions)
