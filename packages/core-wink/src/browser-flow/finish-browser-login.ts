import type { JsonObject } from '@latchkey/core/provider'
import {
  type AccessTokenClaims,
  clockToleranceSeconds,
  requireNonce,
  verifyAccessTokenLocally,
} from '../access-token.ts'
import { authenticationTime } from '../authentication-time.ts'
import { winkError } from '../errors.ts'
import { verifyIdToken } from '../id-token.ts'
import { type WinkIdentity, winkIdentity } from '../identity.ts'
import type { WinkSettings } from '../options.ts'
import { requirePair, requireTie } from '../token-pair.ts'
import { verifyClient } from '../verify-client.ts'
import type { WinkBrowserTransaction } from './start-browser-login.ts'

/** What the page got from Wink: `client.token` and `client.idToken`. */
export interface WinkBrowserTokens {
  readonly accessToken: string
  /** Needed where the access token carries no nonce, as with newer Keycloak. */
  readonly idToken?: string
}

/** Nothing is sent on to verify-client before the tokens have passed here, with the nonce of this login in one of them. */
export async function finishBrowserLogin(
  settings: WinkSettings,
  { accessToken: text, idToken: idTokenText }: WinkBrowserTokens,
  transaction: WinkBrowserTransaction | null,
): Promise<WinkIdentity> {
  if (transaction === null) throw winkError('wink/nonce_mismatch')
  const { nonce, mintedAt, sso } = transaction
  const accessToken = await verifyAccessTokenLocally(settings, text, {
    notBefore: mintedAt - clockToleranceSeconds,
    source: 'caller',
  })
  const idToken = idTokenText === undefined ? null : await verifyIdToken(settings, idTokenText)
  if (idToken !== null) {
    requirePair(idToken, accessToken)
    await requireTie(idToken, accessToken, text)
  }
  requireNonceInEither(nonce, accessToken, idToken)
  const now = settings.clock()
  return winkIdentity(accessToken, {
    profile: await verifyClient(settings, text),
    issuer: settings.endpoints.issuers[0],
    signedInAt: now,
    authentication: authenticationTime(idToken === null ? [accessToken.all] : [idToken, accessToken.all], {
      forcedAt: sso === 'refused' ? mintedAt : null,
      now,
    }),
  })
}

/** A nonce must be ours wherever there is one. */
function requireNonceInEither(nonce: string, { all }: AccessTokenClaims, idToken: JsonObject | null): void {
  const claims = idToken === null ? [all] : [all, idToken]
  const carrying = claims.filter((token) => token['nonce'] !== undefined)
  for (const token of carrying.length === 0 ? [all] : carrying) requireNonce(token['nonce'], nonce)
}
