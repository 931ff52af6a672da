import type { AuthContext } from '../context/auth-context.ts'
import { changeSession, type RequestSession } from '../context/request-session.ts'
import { AuthError } from '../errors/auth-error.ts'
import { coreError, providerErrors } from '../errors/core-errors.ts'
import { type BaseProfile, type Identity, identityAt, isCompleteKey, userKey } from '../model/identity.ts'
import type { Outcome } from '../provider/contract.ts'
import { seeOther } from '../request/response.ts'
import type { SessionRecord } from '../session/record.ts'
import { type SignIn, sessionAfter, signInRequest } from '../session/sign-in.ts'
import { type LoginProgress, restartParameter } from './route-context.ts'

/** What an outcome belongs to. */
export interface OutcomeOrigin {
  readonly provider: string
  readonly requestSession: RequestSession
  readonly progress: LoginProgress
}

/** Turns the end of a provider's route into a response, and a sign-in into a session. */
export async function outcomeResponse(
  context: AuthContext,
  outcome: Outcome,
  origin: OutcomeOrigin,
): Promise<Response> {
  if (outcome instanceof Response) return outcome
  switch (outcome.kind) {
    case 'redirect':
      return seeOther(outcome.to.href)
    case 'json':
      return Response.json(outcome.body)
    case 'restart':
      return restart(context, outcome, origin)
    case 'signed-in':
      return signIn(context, outcome, origin)
    case 'extended':
      return extend(context, outcome, origin)
    default:
      return outcome satisfies never
  }
}

async function signIn(
  context: AuthContext,
  outcome: Extract<Outcome, { kind: 'signed-in' }>,
  { provider, requestSession, progress }: OutcomeOrigin,
): Promise<Response> {
  const now = context.clock()
  const identity: Identity = { ...outcome.identity, provider, signedInAt: now }
  if (!isCompleteKey(identity)) {
    throw coreError('core/internal_error', { cause: { error: 'IncompleteIdentity', provider } })
  }
  // Every read would drop it again.
  if (context.providers.get(provider)?.accountIssuers.includes(identity.issuer) !== true) {
    throw coreError('core/internal_error', { cause: { error: 'ForeignIssuer', provider } })
  }
  const epochs = await context.revocations.epochsAt(userKey(identity), progress.revocations ?? Number.MAX_SAFE_INTEGER)
  if (epochs === null) throw coreError('auth/sign_in_refused', { hint: 'The user was revoked while they signed in.' })
  const request: SignIn = {
    identity,
    tokens: outcome.tokens,
    sid: outcome.sid,
    epochs,
    current: requestSession.record,
    // A login that began in no session never links to the one that is alive by now.
    confirmed: progress.beganIn !== null && requestSession.record !== null,
    audience: requestSession.own.audience,
    now,
    absoluteSeconds: context.sessionSettings.absoluteSeconds,
  }
  const asked = signInRequest(request, requestSession.frameworkRequest)
  const record = sessionAfter(request, await context.onSignIn(asked))
  if (context.sessionSettings.strategy === 'external') {
    const tokens = outcome.tokens ?? null
    await context.sessionSettings.onSignedIn?.(asked.identity, {
      frameworkRequest: requestSession.frameworkRequest,
      tokens,
    })
  }
  // A session that was signed out while the vendor and the app were asked does not live on in the new one.
  const replaced = { previous: requestSession.record, continues: request.confirmed }
  await context.sessions.begin(requestSession.cookies, record, replaced)
  context.emit(
    { at: now, type: 'sign_in.succeeded', provider, user: userKey(identity) },
    requestSession.frameworkRequest,
  )
  return outcome.returnTo === null ? noContent() : seeOther(outcome.returnTo)
}

async function extend(
  context: AuthContext,
  { profile }: Extract<Outcome, { kind: 'extended' }>,
  { provider, requestSession }: OutcomeOrigin,
): Promise<Response> {
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

function noContent(): Response {
  return new Response(null, { status: 204 })
}

function restart(
  context: AuthContext,
  outcome: Extract<Outcome, { kind: 'restart' }>,
  { provider, requestSession, progress }: OutcomeOrigin,
): Response {
  const code = `${provider}/${outcome.reason}` as const
  const signInPath = context.providers.get(provider)?.signInPath
  // Without a checked state there is no count, and so no end to beginning again.
  if (progress.restarts !== 0 || signInPath === undefined) throw new AuthError(code, providerErrors.restarted_in_vain)
  const query = new URLSearchParams(outcome.query)
  if (outcome.returnTo !== undefined) query.set('return_url', outcome.returnTo)
  query.set(restartParameter, '1')
  context.emit({ at: context.clock(), type: 'sign_in.restarted', provider, code }, requestSession.frameworkRequest)
  return seeOther(`${context.basePath}/${provider}${signInPath}?${query}`)
}
