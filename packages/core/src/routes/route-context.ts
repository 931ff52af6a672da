import type { Wiring } from '../context/auth-context.ts'
import { type Exchange, refreshExchange } from '../context/request-session.ts'
import { AuthError } from '../errors/auth-error.ts'
import { providerErrors } from '../errors/core-errors.ts'
import { makeState, readState } from '../login/state.ts'
import { createTransactions } from '../login/transactions.ts'
import type { RouteContext } from '../provider/contract.ts'
import { readFields } from '../request/body.ts'
import { returnTarget } from '../request/return-to.ts'
import { sessionOf } from '../session/record.ts'

/** What one run of a provider's route leaves behind for core to go by. */
export interface LoginProgress {
  /** The id of the session in which the redeemed login began; null if it began in none. */
  beganIn: string | null
  /** How often in a row this login was begun again, by its authenticated state; null while no state was checked. */
  restarts: number | null
}

/** The name of the parameter by which a restarted login route knows that it is one. */
export const restartParameter = 'restart'

/** Makes what a provider's route is given. */
export function createRouteContext(
  wiring: Wiring,
  exchange: Exchange,
  { provider, request, body, progress }: { provider: string; request: Request; body: unknown; progress: LoginProgress },
): RouteContext {
  const { vault, clock, basePath, returnOrigins } = wiring
  const { own, cookies, record, native } = exchange
  const host = new URL(own.origin).host
  let fields: Promise<ReadonlyMap<string, string>> | undefined

  return {
    tenant: own.tenant,
    origin: own.origin,
    callbackOrigin: wiring.callbackOrigin ?? own.origin,
    session: record === null ? null : sessionOf(record),
    native,
    emit: (event) => wiring.emit({ ...event, at: clock(), provider }, native),
    transactions: (name) =>
      createTransactions(name, {
        vault,
        clock,
        cookies,
        cookiePrefix: `${wiring.sessionSettings.cookieName}-${provider}-`,
        audience: own.audience,
        sessionId: record?.id ?? null,
        onTake: (sessionId) => {
          progress.beganIn = sessionId
        },
      }),
    async newState() {
      const restarts = new URL(request.url).searchParams.has(restartParameter) ? 1 : 0
      return makeState(vault, { provider, host, restarts })
    },
    async checkState(state) {
      if (state === null || state === '') throw providerError(provider, 'missing_state')
      const content = await readState(vault, provider, state)
      if (content === null || content.host !== host) throw providerError(provider, 'invalid_state')
      progress.restarts = content.restarts
      return state
    },
    returnTarget: (value) => returnTarget(value, { origin: own.origin, basePath, returnOrigins }),
    fields() {
      fields ??= readFields(request, body)
      return fields
    },
    async credentials() {
      await refreshExchange(wiring, exchange)
      return exchange.record?.credentials[provider] ?? null
    },
  }
}

/** An error whose code bears the provider's name. */
function providerError(provider: string, code: keyof typeof providerErrors): AuthError {
  return new AuthError(`${provider}/${code}`, providerErrors[code])
}
