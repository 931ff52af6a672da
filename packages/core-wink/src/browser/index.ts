/**
 * Wink's browser SDK with Latchkey's back end, for a page: small, and with nothing else of ours behind it.
 *
 * @module
 */
export type { WinkSdk, WinkSdkInit } from './sdk.ts'
export type { WinkSignInResult } from './sign-in-result.ts'
export type { WinkBrowser, WinkBrowserOptions, WinkSignIn } from './wink-browser.ts'
export { createWinkBrowser } from './wink-browser.ts'
