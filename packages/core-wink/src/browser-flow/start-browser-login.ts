import { randomToken } from '@latchkey/core/crypto'
import { invalidOption, type Seconds } from '@latchkey/core/provider'
import type { WinkSettings } from '../options.ts'
import { createSession, type WinkSessionOptions } from '../session-api.ts'

/** What a sign-in by Wink's browser SDK begins with. */
export interface WinkBrowserLoginOptions extends WinkSessionOptions {
  /**
   * Says that the page does not ask for biometrics (`prompt: 'login'`), so that a person may pass who is still signed in
   * at Wink: then only a signed `auth_time` says when they proved who they are. Off by default.
   */
  readonly allowSso?: boolean
}

/** What must come back with the tokens. Plain JSON; keep it sealed, and for this browser only. */
export interface WinkBrowserTransaction extends Record<string, string | number> {
  readonly nonce: string
  /** When the login began, in seconds since the Unix epoch. */
  readonly mintedAt: Seconds
  readonly sso: 'allowed' | 'refused'
}

/** A sign-in that a page goes on with. */
export interface WinkBrowserLoginStart {
  readonly sessionId: string
  /** For the SDK: `winkInit({ useNonce: false })`, `winkLogin({ sessionId, extraQueryParams: { nonce } })`. */
  readonly nonce: string
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

/** The URLs come from a page: without exact lists it would decide where people are sent. */
function requireAllowLists({ returnUrls, cancelUrls }: WinkSettings): void {
  const missing = returnUrls === null ? 'returnUrls' : cancelUrls === null ? 'cancelUrls' : null
  if (missing !== null) throw invalidOption('createWink', missing, 'is needed for the browser flow')
}
