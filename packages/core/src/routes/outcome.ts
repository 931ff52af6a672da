import type { AuthContext } from '../context/auth-context.ts'
import { changeSession } from '../context/request-session.ts'
import { AuthError } from '../errors/auth-error.ts'
import { coreError, providerErrors } from '../errors/core-errors.ts'
import { makeTicket } from '../login/ticket.ts'
import { type BaseProfile, identityAt } from '../model/identity.ts'
import type { Outcome } from '../provider/contract.ts'
import { type Answer, toAnswer } from '../request/answer.ts'
import { jsonAnswer, noContent, seeOther } from '../request/response.ts'
import type { SessionRecord } from '../session/record.ts'
import { restartParameter } from './route-context.ts'
import { type OutcomeOrigin, signInAnswer } from './sign-in.ts'
import { signOutByLink } from './sign-out-by-link.ts'

/** Turns the end of a provider's route into an answer, and a sign-in into a session. */
export async function outcomeAnswer(context: AuthContext, outcome: Outcome, origin: OutcomeOrigin): Promise<Answer> {
  if (outcome instanceof Response) return toAnswer(outcome)
  switch (outcome.kind) {
    case 'redirect':
      return seeOther(outcome.to.href)
    case 'sign-out':
      return signOutByLink(context, origin.requestSession, outcome.returnUrl)
    case 'json':
      return jsonAnswer(outcome.body)
    case 'restart':
      return restart(context, outcome, origin)
    case 'signed-in':
      origin.requestSession.signingIn = origin.provider
      return signInAnswer(context, outcome, origin)
    case 'extended':
      return extend(context, outcome, origin)
    default:
      return outcome satisfies never
  }
}

async function extend(
  context: AuthContext,
  { profile }: Extract<Outcome, { kind: 'extended' }>,
  { provider, requestSession }: OutcomeOrigin,
): Promise<Answer> {
  const { record: before } = requestSession
  requestSession.record =
    before === null
      ? null
      : await changeSession(context, requestSession, {
          before,
          change: (record) => withProfile(record, provider, profile),
        })
  if (requestSession.record === null || identityAt(requestSession.record.identities, provider) === undefined) {
    throw coreError('auth/session_required', { cause: { provider } })
  }
  return noContent()
}

function withProfile(record: SessionRecord, provider: string, profile: BaseProfile): SessionRecord {
  const identity = identityAt(record.identities, provider)
  if (identity === undefined) return record
  const identities = { ...record.identities, [provider]: { ...identity, profile } }
  return { ...record, generation: record.generation + 1, identities }
}

/** Sends the browser back to the login route; how the login began goes along. */
async function restart(
  context: AuthContext,
  outcome: Extract<Outcome, { kind: 'restart' }>,
  { provider, requestSession, progress }: OutcomeOrigin,
): Promise<Answer> {
  const code = `${provider}/${outcome.reason}` as const
  const signInPath = context.providers.get(provider)?.signInPath
  // Without a checked state there is no count, and so no end to beginning again.
  if (progress.restarts !== 0 || signInPath === undefined) throw new AuthError(code, providerErrors.restarted_in_vain)
  const query = new URLSearchParams(outcome.query)
  if (outcome.returnTo !== undefined) query.set('return_url', outcome.returnTo)
  query.set(restartParameter, '1')
  if (progress.provenIn !== null) {
    const { origin } = requestSession.own
    const ticket = { familyId: progress.provenIn, returnTo: outcome.returnTo ?? '/' }
    query.set('state', await makeTicket({ ...context, provider, origin }, ticket))
  }
  context.emit({ at: context.clock(), type: 'sign_in.restarted', provider, code }, requestSession.frameworkRequest)
  return seeOther(`${context.basePath}/${provider}${signInPath}?${query}`)
}
