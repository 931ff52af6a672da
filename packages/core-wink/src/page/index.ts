/**
 * Wink's browser SDK with Latchkey's back end, for a page: small, and with nothing else of ours behind it.
 *
 * @module
 */

export type { WinkSignInResult } from './overlay.ts'
export type { WinkSdk, WinkSdkInit } from './sdk.ts'
export type { WinkBrowser, WinkBrowserOptions, WinkSignIn } from './wink-browser.ts'
export { createWinkBrowser } from './wink-browser.ts'
