import { randomToken } from '@latchkey/core/crypto'
import { invalidOption, type JsonObject } from '@latchkey/core/provider'
import { createSession, type WinkSessionOptions } from '../api/session.ts'
import { verifyClient } from '../api/verify-client.ts'
import { winkError } from '../model/errors.ts'
import type { WinkSettings } from '../model/options.ts'
import { type AccessTokenClaims, requireNonce, verifyAccessTokenLocally } from '../tokens/access-token.ts'
import { authenticationOf } from '../tokens/authentication-time.ts'
import { requirePair, verifyPageIdToken } from '../tokens/id-token.ts'
import { type WinkIdentity, winkIdentity } from './identity.ts'
import { isBrowserTransaction, type WinkBrowserTransaction } from './transaction.ts'

/** What a sign-in by Wink's browser SDK begins with. */
export interface WinkBrowserLoginOptions extends WinkSessionOptions {
  /**
   * Says that the page does not ask for biometrics (`prompt: 'login'`), so that a user may pass who is still signed in
   * at Wink: then only a signed `auth_time` says when they proved who they are. Off by default.
   */
  readonly allowSso?: boolean | undefined
}

/** A sign-in that a page goes on with. */
export interface WinkBrowserLoginStart {
  /** For the SDK in the page. */
  readonly sessionId: string
  /** For the SDK: `winkInit({ useNonce: false })`, `winkLogin({ sessionId, extraQueryParams: { nonce } })`. */
  readonly nonce: string
  /** To keep for this browser until its tokens come. */
  readonly transaction: WinkBrowserTransaction
}

export async function startBrowserLogin(
  settings: WinkSettings,
  { returnUrl, cancelUrl, allowSso = false }: WinkBrowserLoginOptions,
): Promise<WinkBrowserLoginStart> {
  requireAllowLists(settings)
  const mintedAt = settings.clock()
  const { sessionId } = await createSession(settings, { returnUrl, cancelUrl })
  const nonce = randomToken(32)
  return { sessionId, nonce, transaction: { nonce, mintedAt, sso: allowSso ? 'allowed' : 'refused' } }
}

/** The URLs come from a page: without exact lists it would decide where users are sent. */
function requireAllowLists({ returnUrls, cancelUrls }: WinkSettings): void {
  const missing = returnUrls === null ? 'returnUrls' : cancelUrls === null ? 'cancelUrls' : null
  if (missing !== null) throw invalidOption('createWinkClient', missing, 'is needed for the browser flow')
}

/** What the page got from Wink: `client.token` and `client.idToken`. */
export interface WinkBrowserTokens {
  /** The access token of the page. */
  readonly accessToken: string
  /** Needed where the access token carries no nonce, as with newer Keycloak. */
  readonly idToken?: string | undefined
}

/** Nothing is sent on to verify-client before the tokens have passed here, with the nonce of this login in one of them. */
export async function finishBrowserLogin(
  settings: WinkSettings,
  { accessToken: text, idToken: idTokenText }: WinkBrowserTokens,
  transaction: JsonObject | null,
): Promise<WinkIdentity> {
  if (!isBrowserTransaction(transaction)) throw winkError('wink/nonce_mismatch')
  const { nonce, mintedAt, sso } = transaction
  const accessToken = await verifyAccessTokenLocally(settings, text, {
    notBefore: mintedAt - settings.clockToleranceSeconds,
    source: 'caller',
  })
  const idToken =
    idTokenText === undefined
      ? null
      : await verifyPageIdToken(settings, { idToken: idTokenText, accessToken: text, nonce })
  if (idToken !== null) requirePair(idToken, accessToken)
  requireNonceInEither(nonce, accessToken, idToken)
  const now = settings.clock()
  return winkIdentity(accessToken, {
    profile: await verifyClient(settings, text),
    issuer: settings.endpoints.issuers[0],
    signedInAt: now,
    authentication: authenticationOf(idToken === null ? [accessToken.all] : [idToken, accessToken.all], {
      forcedAt: sso === 'refused' ? mintedAt : null,
      now,
      clockToleranceSeconds: settings.clockToleranceSeconds,
    }),
  })
}

/** A nonce must be ours wherever there is one. */
function requireNonceInEither(nonce: string, { all }: AccessTokenClaims, idToken: JsonObject | null): void {
  const claims = idToken === null ? [all] : [all, idToken]
  const carrying = claims.filter((token) => token['nonce'] !== undefined)
  for (const token of carrying.length === 0 ? [all] : carrying) requireNonce(token['nonce'], nonce)
}
