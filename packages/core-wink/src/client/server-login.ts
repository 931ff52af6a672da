import { isAuthError, type JsonObject, type Tokens } from '@latchkey/core/provider'
import { authorizationRequest, exchangeCode, type OidcLoginResult, storedTokens } from '@latchkey/oidc'
import { createSession, requireAllowedUrls } from '../api/session.ts'
import { verifyClient } from '../api/verify-client.ts'
import { winkError } from '../model/errors.ts'
import type { WinkSettings } from '../model/options.ts'
import { verifyAccessTokenLocally } from '../tokens/access-token.ts'
import { authenticationOf } from '../tokens/authentication-time.ts'
import { requirePair } from '../tokens/id-token.ts'
import { type WinkIdentity, winkIdentity } from './identity.ts'
import { isServerTransaction, type WinkServerTransaction } from './transaction.ts'

/** What a sign-in of the server flow begins with. */
export interface WinkLoginOptions {
  /** The callback on our side; Wink's return URL as well. */
  readonly redirectUri: string
  /** Where Wink sends a user who cancels. */
  readonly cancelUrl: string
  /** Handed back when the sign-in ends. Defaults to `/`. */
  readonly returnTo?: string | undefined
  /** From `RouteContext.newState()`. Made here if absent. */
  readonly state?: string | undefined
  /** Lets a user pass who is still signed in at Wink, without biometrics. Off by default: `prompt=login` is sent. */
  readonly allowSso?: boolean | undefined
}

/** A sign-in that has begun. */
export interface WinkLoginStart {
  /** Where to send the browser. */
  readonly url: URL
  /** The key of the transaction: its state, which the callback brings back. */
  readonly id: string
  /** To keep for this browser until its callback comes. */
  readonly transaction: WinkServerTransaction
}

export async function startLogin(
  settings: WinkSettings,
  { redirectUri, cancelUrl, returnTo = '/', state, allowSso = false }: WinkLoginOptions,
): Promise<WinkLoginStart> {
  requireAllowedUrls(settings, { returnUrl: redirectUri, cancelUrl })
  const mintedAt = settings.clock()
  const { url, transaction } = await authorizationRequest(settings.oidc, {
    redirectUri,
    scopes: ['openid'],
    state,
    parameters: { response_mode: 'query', ...(allowSso ? {} : { prompt: 'login' }) },
  })
  // Last, as a Wink session is single-use and short-lived.
  const { sessionId } = await createSession(settings, { returnUrl: redirectUri, cancelUrl })
  url.searchParams.set('sessionId', sessionId)
  return {
    url,
    id: transaction.state,
    transaction: { ...transaction, returnTo, mintedAt, sso: allowSso ? 'allowed' : 'refused' },
  }
}

/** How a sign-in of the server flow ended. */
export type WinkLoginResult =
  | {
      readonly kind: 'completed'
      readonly identity: WinkIdentity
      /** Null unless `storeTokens` is on. */
      readonly tokens: Tokens | null
      readonly returnTo: string | null
    }
  | {
      /** `restart`: begin again, this login cannot be finished. `cancelled`: the user gave up. */
      readonly kind: 'restart' | 'cancelled'
      readonly reason: string
      readonly returnTo: string | null
    }

export async function finishLogin(
  settings: WinkSettings,
  callback: URL,
  transaction: JsonObject | null,
): Promise<WinkLoginResult> {
  if (callback.search === '') throw winkError('wink/empty_callback')
  if (transaction === null) return { kind: 'restart', reason: 'missing_login_state', returnTo: null }
  if (!isServerTransaction(transaction)) return { kind: 'restart', reason: 'invalid_login_state', returnTo: null }
  const { returnTo } = transaction
  const result = await redeem(settings, callback, transaction)
  if (result.kind === 'refused') return { ...refusal(callback, result), returnTo }
  const identity = await identify(settings, result, transaction)
  const { clock, storeTokens } = settings
  const tokens = storeTokens ? storedTokens(result.tokens, { now: clock(), nonce: transaction.nonce }) : null
  return { kind: 'completed', identity, tokens, returnTo }
}

async function redeem(
  { oidc }: WinkSettings,
  callback: URL,
  { state, nonce, codeVerifier, redirectUri }: WinkServerTransaction,
): Promise<OidcLoginResult> {
  try {
    return await exchangeCode(oidc, callback, { state, nonce, codeVerifier, redirectUri })
  } catch (error) {
    if (isAuthError(error) && error.code === 'oidc/client_refused') throw winkError('wink/client_refused')
    throw error
  }
}

type Completed = Extract<OidcLoginResult, { kind: 'completed' }>

type Refused = Extract<OidcLoginResult, { kind: 'refused' }>

/** Nothing is sent on to verify-client before both tokens have passed here, and together. */
async function identify(
  settings: WinkSettings,
  { claims: idToken, tokens }: Completed,
  { mintedAt, sso }: WinkServerTransaction,
): Promise<WinkIdentity> {
  // The code, its verifier and the nonce say that this is our login: no clock has to.
  const { sub: subject } = idToken
  const accessToken = await verifyAccessTokenLocally(settings, tokens.accessToken, {
    source: 'token-endpoint',
    // The check of the ID token saw that it is a text.
    subject: typeof subject === 'string' ? subject : '',
  })
  requirePair(idToken, accessToken)
  const profile = await verifyClient(settings, tokens.accessToken)
  const now = settings.clock()
  return winkIdentity(accessToken, {
    profile,
    issuer: settings.endpoints.issuers[0],
    signedInAt: now,
    authentication: authenticationOf([idToken, accessToken.all], {
      forcedAt: sso === 'refused' ? mintedAt : null,
      now,
      clockToleranceSeconds: settings.clockToleranceSeconds,
    }),
  })
}

/** The errors that a new login cures. */
const restartable: ReadonlySet<string> = new Set(['authentication_expired', 'login_required', 'invalid_grant'])

function refusal(
  callback: URL,
  { at, error }: Refused,
): { readonly kind: 'restart' | 'cancelled'; readonly reason: string } {
  if (at === 'authorization' && error === 'access_denied') return { kind: 'cancelled', reason: error }
  if (restartable.has(error)) return { kind: 'restart', reason: error }
  // Keycloak says it in the description, under an error that differs from version to version.
  if (at === 'authorization' && callback.searchParams.get('error_description') === 'authentication_expired') {
    return { kind: 'restart', reason: 'authentication_expired' }
  }
  throw winkError('wink/login_refused', { cause: { at, error } })
}
