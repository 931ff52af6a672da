import type { JsonObject, Seconds } from '@latchkey/core/provider'

/** What must come back with the callback of the server flow. Plain JSON; it holds the code verifier, so keep it sealed. */
export interface WinkServerTransaction extends Record<string, string | number> {
  /** What the ID token must repeat. */
  readonly nonce: string
  /** What the callback must repeat. */
  readonly state: string
  /** The secret of PKCE. */
  readonly codeVerifier: string
  /** The redirect URI of the login. */
  readonly redirectUri: string
  /** Where the app goes on. */
  readonly returnTo: string
  /** When the login began, in seconds since the Unix epoch. */
  readonly mintedAt: Seconds
  /** Whether a user who is signed in at Wink may pass without a capture. */
  readonly sso: 'allowed' | 'refused'
}

/** What must come back with the tokens of a page. Plain JSON; keep it sealed, and for this browser only. */
export interface WinkBrowserTransaction extends Record<string, string | number> {
  /** What the ID token must repeat. */
  readonly nonce: string
  /** When the login began, in seconds since the Unix epoch. */
  readonly mintedAt: Seconds
  /** Whether a user who is signed in at Wink may pass without a capture. */
  readonly sso: 'allowed' | 'refused'
}

const serverTexts = ['nonce', 'state', 'codeVerifier', 'redirectUri', 'returnTo'] as const

/** Whether this is what `startLogin` gave: it comes back from wherever the app kept it. */
export function isServerTransaction(value: JsonObject): value is WinkServerTransaction {
  return serverTexts.every((name) => typeof value[name] === 'string') && hasBegun(value)
}

/** Whether this is what `startBrowserLogin` gave: it comes back from wherever the app kept it. */
export function isBrowserTransaction(value: JsonObject | null): value is WinkBrowserTransaction {
  return value !== null && typeof value['nonce'] === 'string' && hasBegun(value)
}

function hasBegun({ mintedAt, sso }: JsonObject): boolean {
  return Number.isSafeInteger(mintedAt) && (sso === 'allowed' || sso === 'refused')
}
