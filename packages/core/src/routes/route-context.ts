import type { AuthContext } from '../context/auth-context.ts'
import { checkRate } from '../context/rate-limit.ts'
import { refreshRequestSession } from '../context/refreshed-session.ts'
import type { RequestSession } from '../context/request-session.ts'
import { AuthError } from '../errors/auth-error.ts'
import { providerErrors } from '../errors/core-errors.ts'
import { makeState, readState } from '../login/state.ts'
import { makeTicket } from '../login/ticket.ts'
import { createTransactions } from '../login/transactions.ts'
import { memberAt } from '../model/identity.ts'
import type { RouteContext } from '../provider/contract.ts'
import { readFields } from '../request/body.ts'
import { requestQuery } from '../request/request-like.ts'
import { returnTarget } from '../request/return-to.ts'
import { type SessionRecord, sessionFrom } from '../session/record.ts'
import type { LoginStart } from './login-start.ts'

/** What one run of a provider's route leaves behind for core to go by. */
export interface LoginProgress {
  /** The family of the session in which a page of ours began the redeemed login; null if none did. */
  provenIn: string | null
  /** How many revocations there were when the login was redeemed; null while none was. */
  revocations: number | null
  /** How often in a row this login was begun again, by its authenticated state; null while no state was checked. */
  restarts: number | null
}

/** The name of the parameter by which a restarted login route knows that it is one. */
export const restartParameter = 'restart'

/** One run of a provider's route. */
export interface RouteRun {
  readonly provider: string
  readonly request: Request
  readonly body: unknown
  readonly progress: LoginProgress
  readonly start: LoginStart
}

/** Makes what a provider's route is given. */
export function createRouteContext(
  context: AuthContext,
  requestSession: RequestSession,
  { provider, request, body, progress, start }: RouteRun,
): RouteContext {
  const { vault, clock, basePath, returnOrigins } = context
  const { own, cookies, frameworkRequest } = requestSession
  let fields: Promise<ReadonlyMap<string, string>> | undefined

  const members: Omit<RouteContext, 'session'> = {
    tenant: own.tenant,
    origin: own.origin,
    callbackOrigin: context.callbackOrigin ?? own.origin,
    frameworkRequest,
    emit: (event) => context.emit({ ...event, at: clock(), provider }, frameworkRequest),
    transactions: (name) =>
      createTransactions(name, {
        vault,
        clock,
        cookies,
        cookieName: context.sessionSettings.cookieName,
        provider,
        origin: own.origin,
        familyId: requestSession.record?.familyId ?? null,
        isProven: start.isProven,
        arrived: requestSession.arrival?.login ?? null,
        async onTake(provenIn) {
          progress.provenIn = provenIn
          progress.revocations = await context.revocations.count()
        },
      }),
    async newState() {
      const restarts = requestQuery(request).has(restartParameter) ? 1 : 0
      return makeState(vault, { provider, origin: own.origin, restarts })
    },
    newTicket: (returnTo) =>
      makeTicket(
        { vault, clock, provider, origin: own.origin },
        { familyId: start.isProven ? (requestSession.record?.familyId ?? null) : null, returnTo },
      ),
    async checkState(state) {
      if (state === null || state === '') throw providerError(provider, 'missing_state')
      // A callback was read, and asked about, before anything was done for it.
      const { arrival } = requestSession
      const isRead = arrival !== null && arrival.state === state
      const content = isRead ? arrival.content : await readState(context, provider, state)
      if (content === null || content.origin !== own.origin) throw providerError(provider, 'invalid_state')
      progress.restarts = content.restarts
      if (!isRead) await checkRate(context.rateLimit, { kind: 'callback', provider, frameworkRequest })
      return state
    },
    returnTarget(value) {
      // A form or a link with an empty field names no target.
      const asked = value === '' ? null : (value ?? null)
      if (asked === null && start.returnTo !== null) return start.returnTo
      return returnTarget(asked, { origin: own.origin, basePath, returnOrigins })
    },
    fields() {
      fields ??= readFields(request, body)
      return fields
    },
    async tokens() {
      await refreshRequestSession(context, requestSession)
      const { record } = requestSession
      return record === null ? null : (memberAt(record.tokens, provider) ?? null)
    },
    sessionResponse() {
      const { record } = requestSession
      return record === null ? null : (context.sessionResponse?.(sessionFrom(record)) ?? null)
    },
    async sessionProof() {
      const { record } = requestSession
      return record === null ? null : vault.mac(proofPurpose, proofText(provider, record))
    },
    async isSessionProof(given) {
      const { record } = requestSession
      return record !== null && given !== null && vault.checkMac(proofPurpose, proofText(provider, record), given)
    },
  }
  return Object.assign(new RouteSession(requestSession), members)
}

/** The session as it is when it is asked for. */
class RouteSession {
  declare readonly session: RouteContext['session']
  readonly #requestSession: RequestSession

  constructor(requestSession: RequestSession) {
    this.#requestSession = requestSession
    // Its own, so that a copy of the context has it, too; one getter for all, as in `SessionAnswer`.
    Object.defineProperty(this, 'session', RouteSession.#descriptor)
  }

  static readonly #descriptor = {
    enumerable: true,
    get(this: RouteSession): RouteContext['session'] {
      const { record } = this.#requestSession
      return record === null ? null : sessionFrom(record)
    },
  }
}

const proofPurpose = 'session-proof'

function proofText(provider: string, { id }: SessionRecord): string {
  return `${provider} ${id}`
}

/** An error whose code bears the provider's name. */
export function providerError(provider: string, code: keyof typeof providerErrors): AuthError {
  return new AuthError(`${provider}/${code}`, providerErrors[code])
}
