import { type BackEnd, createBackEnd, isRefused } from './back-end.ts'
import { reportFromOverlay, runInOverlay, takeRefusal, type WinkSignInResult } from './overlay.ts'
import { forgetIdTokenCookie, initialise, type WinkSdk } from './sdk.ts'

/** What `createWinkBrowser` takes. URLs may be relative to the page. */
export interface WinkBrowserOptions {
  /** From `getWinkLoginClient` of `wink-identity-sdk`, not initialised. Without `override` and `AUTH_URL` it is production's. */
  readonly client: WinkSdk
  /** The callback page, as registered at Wink and on `returnUrls`. Default `/wink/callback`. */
  readonly returnUrl?: string | undefined
  /** Where Wink sends a user who gives up; on `cancelUrls`. Default `/`. The overlay uses `returnUrl` for it. */
  readonly cancelUrl?: string | undefined
  /** Default `/auth/wink/session`. */
  readonly sessionUrl?: string | undefined
  /** Default `/auth/wink/token`. */
  readonly tokenUrl?: string | undefined
  /** Default `/auth/logout`. */
  readonly logoutUrl?: string | undefined
  /** Default `/auth/wink/silent-check-sso.html`, registered at Wink. */
  readonly silentCheckUrl?: string | undefined
}

/** How to sign in. */
export interface WinkSignIn {
  /** Over this page instead of away from it. Its button and frame are in a `dialog.latchkey-wink`. Default false. */
  readonly overlay?: boolean | undefined
  /** What screen readers call the overlay. Default `Sign in with Wink`. */
  readonly label?: string | undefined
  /** The text of its button. Default `Close`. */
  readonly closeLabel?: string | undefined
}

/** Wink in a page. Each method rejects only if our own back end cannot be reached, or the client was used elsewhere. */
export interface WinkBrowser {
  /**
   * Signs a user in by biometrics: asks our back end for a Wink session and a nonce, then goes to Wink. Called again
   * while it runs, it is the same attempt.
   */
  signIn(options?: WinkSignIn): Promise<WinkSignInResult>
  /** Ends the sign-in on the callback page, also in the overlay: redeems the code, and sends the tokens to our back end. */
  finish(): Promise<WinkSignInResult>
  /**
   * Prolongs the Wink identity of our session by silent SSO or, where this page has tokens, by a refresh. It is never a
   * sign-in.
   *
   * @returns False if there was nothing to prolong, or Wink does not know the user any more.
   */
  prolong(): Promise<boolean>
  /**
   * Signs out: of our session first, then of Wink. Nothing of the app's is deleted.
   *
   * @param returnUrl A path of the app, to end at. Default `/`.
   */
  signOut(returnUrl?: string): Promise<void>
}

/** Puts Wink's SDK and Latchkey's routes together. */
export function createWinkBrowser(options: WinkBrowserOptions): WinkBrowser {
  const { client: sdk } = options
  const silentCheckUrl = absolute(options.silentCheckUrl ?? '/auth/wink/silent-check-sso.html')
  const backEnd = createBackEnd({
    sessionUrl: options.sessionUrl ?? '/auth/wink/session',
    tokenUrl: options.tokenUrl ?? '/auth/wink/token',
    logoutUrl: options.logoutUrl ?? '/auth/logout',
  })
  const pages = {
    returnUrl: absolute(options.returnUrl ?? '/wink/callback'),
    cancelUrl: absolute(options.cancelUrl ?? '/'),
  }
  let attempt: Promise<WinkSignInResult> | null = null

  return {
    signIn(how = {}) {
      attempt ??= signIn({ sdk, backEnd, pages }, how).finally(() => {
        attempt = null
      })
      return attempt
    },

    async finish() {
      const result = takeRefusal() ?? (await finish(sdk, backEnd))
      reportFromOverlay(result)
      return result
    },

    async prolong() {
      const hasTokens = sdk.didInitialize
        ? sdk.refreshToken !== undefined && (await sdk.updateToken(-1).catch(() => false))
        : await initialise(sdk, silentCheckUrl)
      return hasTokens && (await backEnd.sendTokens(sdk)) === null
    },

    async signOut(returnUrl = '/') {
      const answer = await backEnd.endSession(returnUrl)
      if (isRefused(answer)) throw new Error(`The sign-out was refused: ${answer.code}`)
      // Where our session had ended before, Wink's may live on.
      const winkUrl = sdk.authenticated === true ? sdk.createLogoutUrl({ redirectUri: absolute(returnUrl) }) : returnUrl
      forgetIdTokenCookie()
      sdk.clearToken()
      location.assign(answer.signOutUrl ?? winkUrl)
    },
  }
}

interface SignInParts {
  readonly sdk: WinkSdk
  readonly backEnd: BackEnd
  readonly pages: { readonly returnUrl: string; readonly cancelUrl: string }
}

async function signIn(
  { sdk, backEnd, pages }: SignInParts,
  { overlay = false, label = 'Sign in with Wink', closeLabel = 'Close' }: WinkSignIn,
): Promise<WinkSignInResult> {
  if (!sdk.didInitialize) await initialise(sdk)
  const { returnUrl } = pages
  // A page that may not be framed could not report that the user gave up.
  const session = await backEnd.startSession(overlay ? { returnUrl, cancelUrl: returnUrl } : pages)
  if (isRefused(session)) return session
  const url = await loginUrl(sdk, { ...session, redirectUri: returnUrl })
  if (overlay) return runInOverlay(url, { label, closeLabel })
  location.assign(url)
  return { kind: 'leaving' }
}

async function loginUrl(
  sdk: WinkSdk,
  {
    sessionId,
    nonce,
    redirectUri,
  }: { readonly sessionId: string; readonly nonce: string; readonly redirectUri: string },
): Promise<string> {
  sdk.winkSessionId = sessionId
  const url = await sdk.createLoginUrl({ redirectUri, prompt: 'login', extraQueryParams: { nonce } })
  const nonces = new URL(url).searchParams.getAll('nonce')
  if (nonces.length === 1 && nonces[0] === nonce) return url
  throw new Error('The SDK left our nonce out: leave winkInit of this client to createWinkBrowser.')
}

async function finish(sdk: WinkSdk, backEnd: BackEnd): Promise<WinkSignInResult> {
  if (!(await initialise(sdk))) return { kind: 'interrupted', reason: 'exchange_failed' }
  return (await backEnd.sendTokens(sdk)) ?? { kind: 'signed-in' }
}

function absolute(url: string): string {
  return new URL(url, location.href).href
}
