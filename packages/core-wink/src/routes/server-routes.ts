import { opensDocument, type ProviderRoute } from '@latchkey/core/provider'
import type { WinkServerTransaction } from '../client/transaction.ts'
import type { WinkClient } from '../client/wink-client.ts'
import { winkError } from '../model/errors.ts'

/** `GET /login`: begins a sign-in. Everything is checked before Wink is asked for a session. */
export function loginRoute(client: WinkClient, basePath: string): ProviderRoute<'wink'> {
  return {
    method: 'GET',
    path: '/login',
    accepts: 'navigation',
    async handle(request, context) {
      const returnTo = context.returnTarget(new URL(request.url).searchParams.get('return_url'))
      const { url, id, transaction } = await client.startLogin({
        redirectUri: `${context.callbackOrigin}${basePath}/wink/callback`,
        // No redirect URI, and without a state to relay it by: it is this host's own.
        cancelUrl: `${context.origin}${basePath}/wink/cancel`,
        returnTo,
        state: await context.newState(),
      })
      await context.transactions<WinkServerTransaction>('login').put(id, transaction)
      return { kind: 'redirect', to: url }
    },
  }
}

/** `GET /callback`: ends a sign-in. */
export function callbackRoute(client: WinkClient, basePath: string): ProviderRoute<'wink'> {
  return {
    method: 'GET',
    path: '/callback',
    accepts: 'provider-callback',
    async handle(request, context) {
      const { search, searchParams } = new URL(request.url)
      // A link in a mail of Wink's, for a user who is signed in: core sees to that.
      if (search === '' && context.session === null) throw winkError('wink/empty_callback')
      const state = await context.checkState(searchParams.get('state'))
      const logins = context.transactions<WinkServerTransaction>('login')
      const callback = new URL(`${context.callbackOrigin}${basePath}/wink/callback${search}`)
      const result = await client.finishLogin(callback, await logins.take(state))
      const returnTo = context.returnTarget(result.returnTo)
      switch (result.kind) {
        case 'completed': {
          const { identity, tokens } = result
          return { kind: 'signed-in', identity, tokens: tokens ?? undefined, returnTo }
        }
        case 'restart':
          return { kind: 'restart', reason: result.reason, returnTo }
        case 'cancelled':
          await logins.clear()
          throw winkError('wink/cancelled')
      }
    },
  }
}

/**
 * `GET /cancel`: where Wink sends a user who gave up. Forgets the logins that this browser has begun, if the browser opens a
 * page: a frame, an image or a prefetch of another site forgets none.
 */
export const cancelRoute: ProviderRoute<'wink'> = {
  method: 'GET',
  path: '/cancel',
  accepts: 'provider-callback',
  async handle(request, context) {
    if (opensDocument(request)) await context.transactions('login').clear()
    throw winkError('wink/cancelled')
  },
}
