import type { ProviderRoute } from '@latchkey/core/provider'
import type { WinkBrowserTransaction } from '../browser-flow/start-browser-login.ts'
import type { Wink } from '../wink.ts'
import { type MayStartLogin, requirePermission } from './permission.ts'

/** What the browser flow's logins are remembered as, each under its nonce. */
export const browserLogins = 'browser'

/** `POST /session` `{ returnUrl, cancelUrl }`: begins a sign-in of the browser flow. One Wink session for each. */
export function sessionRoute(client: Wink, mayStartLogin: MayStartLogin): ProviderRoute<'wink'> {
  return {
    method: 'POST',
    path: '/session',
    from: 'own-page',
    async handle(_request, context) {
      const fields = await context.fields()
      await requirePermission(mayStartLogin, 'browser', context)
      const { sessionId, nonce, transaction } = await client.startBrowserLogin({
        returnUrl: fields.get('returnUrl') ?? '',
        cancelUrl: fields.get('cancelUrl') ?? '',
      })
      await context.transactions<WinkBrowserTransaction>(browserLogins).put(nonce, transaction)
      return { kind: 'json', body: { sessionId, nonce } }
    },
  }
}
