import { createWinkBrowser, type WinkSignInResult } from '@latchkey/core-wink/browser'
import { getWinkLoginClient } from 'wink-identity-sdk'
import { explanationOf } from '../content/explanations.ts'
import type { WinkSettings } from '../wink-settings.ts'
import { rememberedReturn, rememberReturn } from './return-to.ts'
import { namesOf, type TokensHeld } from './token-places.ts'

/** Wink's SDK in this page. What a method gives is for the user to read; null where the page is being left. */
export interface WinkInPage {
  /** @param how.returnTo The path at which the sign-in ends. */
  signIn(how: { readonly overlay: boolean; readonly returnTo: string }): Promise<string | null>
  /** Ends a sign-in on the callback page. */
  finish(): Promise<string | null>
  prolong(): Promise<string>
  /** Signs out of our session, then of Wink. */
  signOut(): Promise<string | null>
  /** The tokens that the SDK holds in this page's memory. */
  tokensHeld(): TokensHeld
}

/** Opens it. Nothing is asked of Wink yet. */
export function openWink({ clientId, authUrl }: WinkSettings): WinkInPage {
  // A constant, for the SDK's types do not know `realm`. Without `override` it is always Wink's production.
  const config = {
    clientId,
    realm: 'wink',
    override: true,
    overrideValues: { AUTH_URL: authUrl },
    loggingEnabled: false,
  }
  const client = getWinkLoginClient(config)
  const wink = createWinkBrowser({ client })
  const told = (work: Promise<string | null>): Promise<string | null> => work.catch(() => 'The app cannot be reached.')

  return {
    signIn: ({ overlay, returnTo }) =>
      told(
        (async () => {
          rememberReturn(returnTo)
          const result = await wink.signIn({ overlay })
          return leaveOrTell(result)
        })(),
      ),
    finish: () => told(wink.finish().then(leaveOrTell)),
    async prolong() {
      return (await wink.prolong().catch(() => false))
        ? 'Wink still knows you. The SDK in this page has tokens now.'
        : 'Nothing was prolonged: Wink does not know you here.'
    },
    signOut: () => told(wink.signOut('/').then(() => null)),
    tokensHeld: () => namesOf(client),
  }
}

function leaveOrTell(result: WinkSignInResult): string | null {
  switch (result.kind) {
    case 'leaving':
      return null
    case 'signed-in':
      // In the overlay the page around is told, and takes the frame away.
      if (window.parent === window) location.assign(rememberedReturn())
      return null
    case 'cancelled':
      return 'You cancelled the sign-in.'
    case 'interrupted':
      return `Wink sent no tokens (${result.reason}). Begin again.`
    case 'refused':
      return `${explanationOf(result.code)} (${result.code})`
  }
}
