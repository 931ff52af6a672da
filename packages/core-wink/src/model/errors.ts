import { defineErrors, type ErrorFactory } from '@latchkey/core/provider'

const definitions = {
  // the app's own URLs
  'wink/return_url_not_allowed': {
    status: 400,
    message: 'This return URL is not allowed.',
    hint: 'Put the exact URL on `returnUrls`, here and at Wink. Without a list it must be https, or http on a loopback host, without user info or fragment.',
  },
  'wink/cancel_url_not_allowed': {
    status: 400,
    message: 'This cancel URL is not allowed.',
    hint: 'Put the exact URL on `cancelUrls`. Without a list it must be https, or http on a loopback host, without user info or fragment.',
  },

  // POST /wink/v1/session
  'wink/environment_refused': {
    status: 502,
    message: 'Wink did not accept our credentials.',
    hint: 'Wink answered 401 with an empty body, as it does for credentials of another environment. Compare `environment` with where the client id was issued; then check client id and secret.',
  },
  'wink/credentials_refused': {
    status: 502,
    message: 'Wink did not accept our credentials.',
    hint: 'Wink answered 401. Check client id and secret, then `environment`.',
  },
  'wink/session_invalid': {
    status: 502,
    message: 'Wink did not accept the session that we asked for.',
    hint: 'Wink answered 400. Check that the return and cancel URL are registered for this client, spelt exactly so.',
  },
  'wink/blocked_by_gateway': {
    status: 502,
    message: 'Wink did not let our request through.',
    hint: 'The gateway before Wink answered 403 with a page. It blocks default User-Agents: check that `fetch`, or a proxy, keeps the header `User-Agent: latchkey`. Then ask Wink whether this address is blocked.',
  },
  'wink/session_refused': {
    status: 502,
    message: 'Wink refused to create a session.',
    hint: 'The cause names the status. 403: the client may not create sessions. 404: `apiUrl` is not the API host.',
  },
  'wink/session_unavailable': {
    status: 503,
    message: 'Wink cannot be reached right now.',
    hint: 'Wink did not answer in time, or with an error of its own. Nothing was created: trying again is safe.',
  },
  'wink/too_many_logins': {
    status: 503,
    message: 'Too many sign-ins begin right now. Try again in a moment.',
    hint: 'A client asks Wink for 100 sessions at once and then for 10 a second, so that a flood of logins does not reach Wink. Limit logins for each address, in `rateLimit` or your proxy.',
  },
  'wink/session_answer_invalid': {
    status: 502,
    message: 'Wink gave an answer that we do not understand.',
    hint: 'The session answer was a redirect, too large, not JSON, or had no session id. Check that `apiUrl` is the API host and not a page or gateway.',
  },

  // access tokens
  'wink/client_mismatch': {
    status: 401,
    message: 'This token belongs to another application.',
    hint: 'The claim azp is not our client id. Check that browser and back end use the same client.',
  },
  'wink/token_type_refused': {
    status: 401,
    message: 'This is not the right kind of token.',
    hint: 'The claim typ must be Bearer for an access token and ID for an ID token. Send `client.token`, not `client.idToken` or a refresh token.',
  },
  'wink/subject_missing': {
    status: 401,
    message: 'This token names no user.',
    hint: 'The claim sub is the Wink token, by which users are known.',
  },
  'wink/token_predates_login': {
    status: 401,
    message: 'This token is older than this sign-in.',
    hint: 'The token was issued before the login began: it may have been taken from elsewhere. If it happens always, compare the clocks.',
  },
  'wink/nonce_missing': {
    status: 401,
    message: 'This token does not belong to this sign-in.',
    hint: 'No token carries our nonce. Tokens of silent SSO have none, and sign nobody in. Newer Keycloak leaves it out of access tokens: send the ID token, too. If it is always missing, the SDK was not given our nonce: begin with `createWinkBrowser`.',
  },
  'wink/nonce_mismatch': {
    status: 401,
    message: 'This token does not belong to this sign-in.',
    hint: 'The nonce in the token is not that of a login that is under way in this browser: it was begun elsewhere, finished before, took too long, or the SDK made a nonce of its own (`useNonce`).',
  },
  'wink/token_pair_mismatch': {
    status: 401,
    message: 'The tokens of this sign-in do not belong together.',
    hint: 'ID token and access token name another user (sub) or session (sid), or the hash in the ID token (at_hash) is of another access token.',
  },

  'wink/token_replayed': {
    status: 401,
    message: 'This token has been used before.',
    hint: 'Each access token signs in, or prolongs, once. Refresh it and send the new one.',
  },
  'wink/user_changed': {
    status: 409,
    message: 'Another user is signed in to Wink now.',
    hint: 'Silent SSO or a refresh gave a token of another user than the session holds. Begin a sign-in.',
  },

  // POST /api/ConfidentialClient/verify-client
  'wink/token_refused': {
    status: 401,
    message: 'Wink did not accept this token.',
    hint: 'verify-client refused it. Check first that `apiUrl` and `authUrl` are of one environment, then the client secret; then the token may have expired.',
  },
  'wink/verification_unavailable': {
    status: 503,
    message: 'Wink cannot be reached right now.',
    hint: 'verify-client did not answer in time, or with an error of its own. Nobody is signed in meanwhile.',
  },
  'wink/verification_failed': {
    status: 502,
    message: 'Wink gave an answer that we do not understand.',
    hint: 'The verify-client answer was a redirect, a page, too large, not JSON, or had no Wink token. Check that `apiUrl` is the API host, and that the header `User-Agent: latchkey` reaches it.',
  },
  'wink/profile_mismatch': {
    status: 502,
    message: 'Wink gave the profile of another user.',
    hint: 'verify-client answered with another Wink token or Wink tag than the access token names. Report it to Wink.',
  },

  // browser flow
  'wink/token_missing': {
    status: 400,
    message: 'There is no access token in this request.',
    hint: 'Send `accessToken`, and `idToken` where there is one, as strings.',
  },
  // kept tokens
  'wink/refresh_refused': {
    status: 502,
    message: 'Wink did not refresh this sign-in.',
    hint: 'The token endpoint refused the refresh for another reason than its age. The cause names the OAuth error.',
  },
  'wink/refresh_token_invalid': {
    status: 401,
    message: 'The sign-in at Wink has ended.',
    hint: 'The refresh token is missing, expired, used up or was revoked: the user has to sign in again.',
  },
  'wink/sign_out_failed': {
    status: 502,
    message: 'Wink did not end its sign-in.',
    hint: 'The logout endpoint refused or failed; the cause has the status. Send the browser to `signOutUrl` instead.',
  },

  // server flow
  'wink/empty_callback': {
    status: 400,
    message: 'The answer of Wink has no parameters.',
    hint: 'The callback was opened by hand, or Wink answered in the fragment, which no server sees: ask Wink to allow response_mode=query for this client. The browser SDK always uses the fragment and needs a page of its own as return URL.',
  },
  'wink/cancelled': {
    status: 400,
    message: 'The sign-in with Wink was cancelled.',
    hint: 'The user cancelled it, or Wink refused them. Offer to begin again.',
  },
  'wink/login_refused': {
    status: 502,
    message: 'Wink refused this sign-in.',
    hint: 'The cause names the OAuth error and where it came from. invalid_request and unauthorized_client point at the registration of the client and its redirect URI.',
  },
  'wink/client_refused': {
    status: 502,
    message: 'Wink did not accept our credentials.',
    hint: 'The token endpoint refused the client. Wink registers some clients as public and others as confidential: try the other values of `clientAuthentication` (client_secret_post, client_secret_basic, none); then check the secret and `environment`.',
  },
} as const

type WinkErrorCode = keyof typeof definitions

/** The errors of this package. */
export const winkError: ErrorFactory<WinkErrorCode> = defineErrors(definitions)
