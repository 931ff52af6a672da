import type { Seconds } from '@latchkey/core/provider'
import { requireAllowedUrls } from '../allowed-url.ts'
import type { WinkSettings } from '../options.ts'
import { createSession } from '../session-api.ts'

/** What a sign-in of the server flow begins with. */
export interface WinkLoginOptions {
  /** The callback on our side; Wink's return URL as well. */
  readonly redirectUri: string
  readonly cancelUrl: string
  /** Handed back when the sign-in ends. Defaults to `/`. */
  readonly returnTo?: string
  /** From `RouteContext.newState()`. Made here if absent. */
  readonly state?: string
  /** Lets a person pass who is still signed in at Wink, without biometrics. Off by default: `prompt=login` is sent. */
  readonly allowSso?: boolean
}

/** What must come back with the callback. Plain JSON; it holds the code verifier, so keep it sealed. */
export interface WinkServerTransaction extends Record<string, string | number> {
  readonly nonce: string
  readonly state: string
  readonly codeVerifier: string
  readonly redirectUri: string
  readonly returnTo: string
  /** When the login began, in seconds since the Unix epoch. */
  readonly mintedAt: Seconds
  readonly sso: 'allowed' | 'refused'
}

/** A sign-in that has begun. */
export interface WinkLoginStart {
  /** Where to send the browser. */
  readonly url: URL
  /** The key of the transaction: its state, which the callback brings back. */
  readonly id: string
  readonly transaction: WinkServerTransaction
}

export async function startLogin(
  settings: WinkSettings,
  { redirectUri, cancelUrl, returnTo = '/', state, allowSso = false }: WinkLoginOptions,
): Promise<WinkLoginStart> {
  requireAllowedUrls(settings, { returnUrl: redirectUri, cancelUrl })
  const mintedAt = settings.clock()
  const { url, transaction } = await settings.oidc.startLogin({
    redirectUri,
    scopes: ['openid'],
    ...(state === undefined ? {} : { state }),
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
