import type { ProviderRoute } from '@latchkey/core/provider'
import type { WristbandTransaction } from '../transaction.ts'
import type { Wristband } from '../wristband.ts'

/** Wristband sends the browser back. */
export function callbackRoute(client: Wristband, callbackPath: string): ProviderRoute<'wristband'> {
  return {
    method: 'GET',
    path: '/callback',
    from: 'vendor',
    async handle(request, context) {
      const { search, searchParams } = new URL(request.url)
      const state = await context.checkState(searchParams.get('state'))
      const transaction = await context.transactions<WristbandTransaction>('login').take(state)
      // Rebuilt on our own origin: the request's host decides nothing.
      const callback = new URL(`${context.origin}${callbackPath}${search}`)
      const result = await client.finishLogin(callback, transaction)
      const returnTo = context.returnTarget(transaction?.returnTo)
      if (result.kind === 'completed') {
        return { kind: 'signed-in', identity: result.identity, credentials: result.credentials, returnTo }
      }
      const { reason, tenant } = result
      return { kind: 'restart', reason, returnTo, ...(tenant && { query: { tenant_name: tenant.name } }) }
    },
  }
}
