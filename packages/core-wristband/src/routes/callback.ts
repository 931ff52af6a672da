import type { ProviderRoute } from '@latchkey/core/provider'
import type { LoginResult } from '../client/finish-login.ts'
import { loadProtocol } from '../client/load-protocol.ts'
import type { WristbandTransaction } from '../model/identity.ts'
import { knownTenant } from '../tenant/reference.ts'
import type { MountedApplication } from './mount.ts'

/** Wristband sends the browser back. */
export function callbackRoute({ application, callbackPath }: MountedApplication): ProviderRoute<'wristband'> {
  return {
    method: 'GET',
    path: '/callback',
    accepts: 'provider-callback',
    async handle(request, context) {
      const { search } = new URL(request.url)
      // Rebuilt on our own origin: the request's host decides nothing.
      const callback = new URL(`${context.origin}${callbackPath}${search}`)
      const state = await context.checkState(callback.searchParams.get('state'))
      const transaction = await context.transactions<WristbandTransaction>('login').take(state)
      const { finishLogin } = await loadProtocol()
      const result = await finishLogin(application, callback, transaction)
      const returnTo = context.returnTarget(transaction?.returnTo)
      if (result.kind === 'restart') {
        return { kind: 'restart', reason: result.reason, returnTo, query: loginQuery(result, transaction) }
      }
      const { identity, tokens } = result
      return { kind: 'signed-in', identity, tokens, returnTo }
    },
  }
}

/** What the login that begins again asks for. If the authentication was too old for it, it asks for a new one. */
function loginQuery(
  { reason, tenant }: Extract<LoginResult, { kind: 'restart' }>,
  transaction: WristbandTransaction | null,
): Record<string, string> {
  const { name, customDomain } = knownTenant(tenant)
  const maxAuthAgeSeconds = transaction?.maxAuthAgeSeconds ?? null
  return {
    ...(name !== null && { tenant_name: name }),
    ...(customDomain !== null && { tenant_custom_domain: customDomain }),
    ...(maxAuthAgeSeconds !== null && { max_age: String(maxAuthAgeSeconds) }),
    ...(maxAuthAgeSeconds !== null && reason === 'login_required' && { prompt: 'login' }),
  }
}
