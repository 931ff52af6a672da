import type { ProviderRoute } from '@latchkey/core/provider'
import { wristbandError } from '../errors.ts'
import type { Tenancy } from '../tenancy.ts'
import type { WristbandTransaction } from '../transaction.ts'
import type { Wristband } from '../wristband.ts'

/** Begins a sign-in at the tenant that `tenant_name` names, else at the default one. */
export function loginRoute(client: Wristband, tenancy: Tenancy, callbackPath: string): ProviderRoute<'wristband'> {
  return {
    method: 'GET',
    path: '/login',
    from: 'navigation',
    async handle(request, context) {
      const query = new URL(request.url).searchParams
      const name = single(query, 'tenant_name') ?? tenancy.default
      const loginHint = single(query, 'login_hint')
      const idpHint = single(query, 'idp_hint')
      const returnTo = context.returnTarget(single(query, 'return_url'))
      if (name === undefined) throw wristbandError('wristband/tenant_required')
      const { url, id, transaction } = await client.startLogin({
        tenant: { name },
        redirectUri: `${context.origin}${callbackPath}`,
        returnTo,
        state: await context.newState(),
        ...(loginHint !== undefined && { loginHint }),
        ...(idpHint !== undefined && { idpHint }),
      })
      await context.transactions<WristbandTransaction>('login').put(id, transaction)
      return { kind: 'leave', to: url }
    },
  }
}

function single(query: URLSearchParams, parameter: string): string | undefined {
  const [value, ...others] = query.getAll(parameter)
  if (others.length > 0) throw wristbandError('wristband/duplicate_parameter', { cause: { parameter } })
  return value
}
