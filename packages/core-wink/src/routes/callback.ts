import type { ProviderRoute } from '@latchkey/core/provider'
import { winkError } from '../errors.ts'
import type { WinkServerTransaction } from '../server-flow/start-login.ts'
import type { Wink } from '../wink.ts'

/** `GET /callback`: ends a sign-in. */
export function callbackRoute(client: Wink, basePath: string): ProviderRoute<'wink'> {
  return {
    method: 'GET',
    path: '/callback',
    from: 'vendor',
    async handle(request, context) {
      const { search, searchParams } = new URL(request.url)
      if (search === '') throw winkError('wink/empty_callback')
      const state = await context.checkState(searchParams.get('state'))
      const logins = context.transactions<WinkServerTransaction>('login')
      const callback = new URL(`${context.callbackOrigin}${basePath}/wink/callback${search}`)
      const result = await client.finishLogin(callback, await logins.take(state))
      const returnTo = context.returnTarget(result.returnTo)
      switch (result.kind) {
        case 'completed': {
          const { identity, credentials } = result
          return { kind: 'signed-in', identity, ...(credentials !== null && { credentials }), returnTo }
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
