/** The part of a client of Wink's SDK (`getWinkLoginClient`, 0.4.5) that is used here. */
export interface WinkSdk {
  /** Whether `winkInit` was called. */
  readonly didInitialize: boolean
  /** Whether Wink knows the user. */
  readonly authenticated?: boolean | undefined
  /** The access token. */
  readonly token?: string | undefined
  /** The ID token. */
  readonly idToken?: string | undefined
  /** The refresh token. */
  readonly refreshToken?: string | undefined
  /** The Wink session of the next login. */
  winkSessionId?: string | undefined
  /** Initialises it, once. */
  winkInit(options?: WinkSdkInit): Promise<void>
  /** Makes the address of a login. */
  createLoginUrl(options: {
    readonly redirectUri: string
    readonly prompt: 'login'
    readonly extraQueryParams: Readonly<Record<string, string>>
  }): Promise<string>
  /** Makes the address of a sign-out. */
  createLogoutUrl(options: { readonly redirectUri: string }): string
  /** Refreshes a token that expires within so many seconds. */
  updateToken(minValidity: number): Promise<boolean>
  /** Forgets the tokens. */
  clearToken(): void
}

/** What `winkInit` is given. */
export interface WinkSdkInit {
  /** Whether it asks Wink who is there, or sends the user to the login. */
  readonly onLoad?: 'check-sso' | 'login-required' | undefined
  /** The page of a silent check. */
  readonly silentCheckSsoRedirectUri?: string | undefined
  /** Whether it leaves the page where frames are blocked. */
  readonly silentCheckSsoFallback?: boolean
  /** Whether a frame watches the sign-on. */
  readonly checkLoginIframe?: boolean
  /** Whether it makes a nonce of its own. */
  readonly useNonce?: boolean
  /** Whether it writes to the console. */
  readonly enableLogging?: boolean
  /** Whether it stays where a login was interrupted. */
  readonly disableAutoRedirect?: boolean
  /** Called when it fails. */
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
