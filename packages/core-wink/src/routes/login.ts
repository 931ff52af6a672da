import type { ProviderRoute } from '@latchkey/core/provider'
import type { WinkServerTransaction } from '../server-flow/start-login.ts'
import type { Wink } from '../wink.ts'
import { type MayStartLogin, requirePermission } from './permission.ts'

/** `GET /login`: begins a sign-in. Everything is checked before Wink is asked for a session. */
export function loginRoute(client: Wink, basePath: string, mayStartLogin: MayStartLogin): ProviderRoute<'wink'> {
  return {
    method: 'GET',
    path: '/login',
    from: 'navigation',
    async handle(request, context) {
      const returnTo = context.returnTarget(new URL(request.url).searchParams.get('return_url'))
      await requirePermission(mayStartLogin, 'server', context)
      const { url, id, transaction } = await client.startLogin({
        redirectUri: `${context.callbackOrigin}${basePath}/wink/callback`,
        // No redirect URI, and without a state to relay it by: it is this host's own.
        cancelUrl: `${context.origin}${basePath}/wink/cancel`,
        returnTo,
        state: await context.newState(),
      })
      await context.transactions<WinkServerTransaction>('login').put(id, transaction)
      return { kind: 'leave', to: url }
    },
  }
}
