import type { AuthContext } from '../context/auth-context.ts'
import { type RequestSession, takeBackDropped, withoutEnded } from '../context/request-session.ts'
import { isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import { type Identity, isCompleteKey, userKey } from '../model/identity.ts'
import type { Seconds } from '../model/time.ts'
import type { Outcome } from '../provider/contract.ts'
import type { Answer } from '../request/answer.ts'
import { opensPage } from '../request/navigation.ts'
import { noContent, seeOther } from '../request/response.ts'
import type { NewSessionRecord, SessionRecord } from '../session/record.ts'
import { isSameUserAgain, type SignIn, type SignInDecision, sessionAfter } from '../session/sign-in.ts'
import { confirmationPage } from './confirmation-page.ts'
import { decide } from './decide.ts'
import type { LoginProgress } from './route-context.ts'
import { sealUnconfirmed, type UnconfirmedSignIn } from './unconfirmed.ts'

/** What an outcome belongs to. */
export interface OutcomeOrigin {
  readonly provider: string
  readonly requestSession: RequestSession
  readonly progress: LoginProgress
}

/** Turns what a vendor said into a session; or asks the user first, where another user's session would be replaced. */
export async function signInAnswer(
  context: AuthContext,
  outcome: Extract<Outcome, { kind: 'signed-in' }>,
  { provider, requestSession, progress }: OutcomeOrigin,
): Promise<Answer> {
  const identity: Identity = { ...outcome.identity, provider, signedInAt: context.clock() }
  if (!isCompleteKey(identity)) {
    throw coreError('core/internal_error', { cause: { error: 'IncompleteIdentity', provider } })
  }
  // Every read would drop it again.
  if (context.providers.get(provider)?.accountIssuers.includes(identity.issuer) !== true) {
    throw coreError('core/internal_error', { cause: { error: 'ForeignIssuer', provider } })
  }
  const epochs = await context.revocations.epochsAt(userKey(identity), progress.revocations ?? Number.MAX_SAFE_INTEGER)
  if (epochs === null) throw coreError('auth/sign_in_refused', { hint: 'The user was revoked while they signed in.' })
  const { tokens, sid, returnTo } = outcome
  const signedIn: UnconfirmedSignIn = { identity, tokens, sid, epochs, returnTo }
  const { record: current } = requestSession
  const confirmed = progress.provenIn !== null && current !== null
  if (current === null || confirmed || isSameUserAgain({ current, identity })) {
    return finishSignIn(context, requestSession, { ...signedIn, confirmed })
  }
  if (returnTo === null || !opensPage(requestSession.request)) throw coreError('auth/sign_in_unconfirmed')
  const { code, hint } = coreError('auth/sign_in_unconfirmed')
  context.emit(
    { at: context.clock(), type: 'sign_in.refused', provider, code, hint, user: userKey(identity) },
    requestSession.frameworkRequest,
  )
  const sealed = await sealUnconfirmed(context, signedIn, current)
  return confirmationPage(context, { current, identity, sealed })
}

/** Begins the session that follows a sign-in, as the app decides. */
export async function finishSignIn(
  context: AuthContext,
  requestSession: RequestSession,
  { returnTo, confirmed, ...signedIn }: UnconfirmedSignIn & { readonly confirmed: boolean },
): Promise<Answer> {
  const now: Seconds = context.clock()
  const { identity } = signedIn
  const request: SignIn = {
    ...signedIn,
    current: requestSession.record,
    confirmed,
    origin: requestSession.own.origin,
    now,
    absoluteSeconds: context.sessionSettings.absoluteSeconds,
  }
  const decision = await decide(context, request, requestSession)
  requestSession.record = await begin(context, requestSession, { request, decision })
  await takeBackDropped(context, requestSession, null)
  context.emit(
    { at: now, type: 'sign_in.succeeded', provider: identity.provider, user: userKey(identity) },
    requestSession.frameworkRequest,
  )
  return returnTo === null ? noContent() : seeOther(returnTo)
}

/** Writes the session in the place of the one that the request came with. */
async function begin(
  { sessions }: AuthContext,
  { cookies, record: previous, ended }: RequestSession,
  { request, decision }: { readonly request: SignIn; readonly decision: SignInDecision },
): Promise<SessionRecord | null> {
  const make = (present: SessionRecord | null): NewSessionRecord =>
    sessionAfter({ ...request, current: present === null ? null : withoutEnded(present, ended) }, decision)
  try {
    // A session that was signed out while the vendor and the app were asked does not live on in the new one.
    return await sessions.begin(cookies, { previous, continues: request.confirmed || isSameUserAgain(request), make })
  } catch (error) {
    const hasEnded = isAuthError(error) && error.code === 'auth/session_changed'
    if (request.confirmed || !hasEnded) throw error
    // The same user in another tab at the same moment: each signs in, this one by itself.
    const alone = sessionAfter({ ...request, current: null }, { ...decision, action: 'new' })
    return sessions.begin(cookies, { previous, continues: false, make: () => alone })
  }
}
