/** The part of a client of Wink's SDK (`getWinkLoginClient`, 0.4.5) that is used here. */
export interface WinkSdk {
  readonly didInitialize: boolean
  readonly authenticated?: boolean | undefined
  readonly token?: string | undefined
  readonly idToken?: string | undefined
  readonly refreshToken?: string | undefined
  winkSessionId?: string | undefined
  winkInit(options?: WinkSdkInit): Promise<void>
  createLoginUrl(options: {
    readonly redirectUri: string
    readonly prompt: 'login'
    readonly extraQueryParams: Readonly<Record<string, string>>
  }): Promise<string>
  createLogoutUrl(options: { readonly redirectUri: string }): string
  updateToken(minValidity: number): Promise<boolean>
  clearToken(): void
}

/** What `winkInit` is given. */
export interface WinkSdkInit {
  readonly onLoad?: 'check-sso' | 'login-required' | undefined
  readonly silentCheckSsoRedirectUri?: string | undefined
  readonly silentCheckSsoFallback?: boolean
  readonly checkLoginIframe?: boolean
  readonly useNonce?: boolean
  readonly enableLogging?: boolean
  readonly disableAutoRedirect?: boolean
  onFailure?(error: unknown): void
}

const always = {
  // The SDK would leave our nonce out where it has one of its own.
  useNonce: false,
  checkLoginIframe: false,
  silentCheckSsoFallback: false,
  // It would begin again by itself, without a session and without our nonce.
  disableAutoRedirect: true,
  enableLogging: false,
} satisfies WinkSdkInit

/**
 * Initialises the client, which can be done once. Without `silentCheckUrl` nothing is asked of Wink but to redeem a code
 * in the address: no frame is loaded whose failure would cost 10 seconds and the login.
 *
 * @param silentCheckUrl An absolute URL: with a relative one the SDK fails on every page but a callback.
 * @returns Whether Wink knows the user.
 */
export async function initialise(sdk: WinkSdk, silentCheckUrl?: string): Promise<boolean> {
  if (sdk.didInitialize) throw new Error('Leave winkInit of this client to createWinkBrowser: it can be called once.')
  let failed = false
  await sdk.winkInit({
    ...always,
    // Given as undefined, for the SDK has defaults of its own.
    onLoad: silentCheckUrl === undefined ? undefined : 'check-sso',
    silentCheckSsoRedirectUri: silentCheckUrl,
    onFailure() {
      failed = true
    },
  })
  forgetIdTokenCookie()
  return !failed && sdk.authenticated === true
}

/** The SDK puts an ID token where every script and every request finds it. */
export function forgetIdTokenCookie(): void {
  document.cookie = 'wink_id_token=; Max-Age=0; Path=/'
}
