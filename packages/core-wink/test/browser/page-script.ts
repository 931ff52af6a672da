// What the app's pages run: Wink's SDK as it comes from npm, and our helper around it.
import { getWinkLoginClient } from 'wink-identity-sdk'
import { createWinkBrowser, type WinkBrowser, type WinkSdk, type WinkSignInResult } from '../../src/page/index.ts'

declare global {
  interface Window {
    wink: WinkBrowser
    sdk: WinkSdk
    result?: WinkSignInResult
  }
}

const { clientId = '', authUrl = '' } = document.documentElement.dataset
// A constant, for the SDK's types do not know `realm`.
const config = { clientId, realm: 'wink', override: true, overrideValues: { AUTH_URL: authUrl }, loggingEnabled: false }
window.sdk = getWinkLoginClient(config)
window.wink = createWinkBrowser({ client: window.sdk })
if (location.pathname === '/wink/callback') window.result = await window.wink.finish()
