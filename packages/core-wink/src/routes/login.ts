import type { ProviderRoute } from '@latchkey/core/provider'
import type { WinkServerTransaction } from '../start-login.ts'
import type { Wink } from '../wink.ts'

/** `GET /login`: begins a sign-in. Everything is checked before Wink is asked for a session. */
export function loginRoute(client: Wink, basePath: string): ProviderRoute<'wink'> {
  return {
    method: 'GET',
    path: '/login',
    from: 'navigation',
    async handle(request, context) {
      const returnTo = context.returnTarget(new URL(request.url).searchParams.get('return_url'))
      const base = `${context.origin}${basePath}/wink`
      const { url, id, transaction } = await client.startLogin({
        redirectUri: `${base}/callback`,
        cancelUrl: `${base}/cancel`,
        returnTo,
        state: await context.newState(),
      })
      await context.transactions<WinkServerTransaction>('login').put(id, transaction)
      return { kind: 'leave', to: url }
    },
  }
}
