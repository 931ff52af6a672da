import type { Wiring } from '../context/auth-context.ts'
import type { Exchange } from '../context/request-session.ts'
import { AuthError } from '../errors/auth-error.ts'
import { coreError, providerErrors } from '../errors/core-errors.ts'
import { type BaseProfile, type Identity, identityAt, namesPerson, personOf } from '../model/identity.ts'
import type { Outcome } from '../provider/contract.ts'
import { seeOther } from '../request/response.ts'
import type { SessionRecord } from '../session/record.ts'
import { type SignIn, sessionAfter, signInRequest } from '../session/sign-in.ts'
import { type LoginProgress, restartParameter } from './route-context.ts'

/** What an outcome belongs to. */
export interface OutcomeOrigin {
  readonly provider: string
  readonly exchange: Exchange
  readonly progress: LoginProgress
}

/** Turns the end of a provider's route into a response, and a sign-in into a session. */
export async function outcomeResponse(wiring: Wiring, outcome: Outcome, origin: OutcomeOrigin): Promise<Response> {
  if (outcome instanceof Response) return outcome
  switch (outcome.kind) {
    case 'leave':
      return seeOther(outcome.to.href)
    case 'json':
      return Response.json(outcome.body)
    case 'restart':
      return restart(wiring, outcome, origin)
    case 'signed-in':
      return signIn(wiring, outcome, origin)
    case 'prolonged':
      return prolong(wiring, outcome, origin)
    default:
      return outcome satisfies never
  }
}

async function signIn(
  wiring: Wiring,
  outcome: Extract<Outcome, { kind: 'signed-in' }>,
  { provider, exchange, progress }: OutcomeOrigin,
): Promise<Response> {
  const now = wiring.clock()
  const identity: Identity = { ...outcome.identity, provider, signedInAt: now }
  if (!namesPerson(identity))
    throw coreError('core/internal_error', { cause: { error: 'IncompleteIdentity', provider } })
  const request: SignIn = {
    identity,
    credentials: outcome.credentials,
    // A login that began in no session never joins the one that is alive by now.
    current: progress.beganIn === null ? null : exchange.record,
    audience: exchange.own.audience,
    now,
    absoluteSeconds: wiring.sessionSettings.absoluteSeconds,
  }
  const asked = signInRequest(request, exchange.native)
  const record = sessionAfter(request, await wiring.onSignIn(asked))
  if (wiring.sessionSettings.kind === 'own') {
    const credentials = outcome.credentials ?? null
    await wiring.sessionSettings.signedIn(asked.identity, { native: exchange.native, credentials })
  }
  // A session that was signed out while the vendor and the app were asked does not live on in the new one.
  const replaced = { previous: exchange.record, continues: request.current !== null }
  await wiring.sessions.begin(exchange.cookies, record, replaced)
  wiring.emit({ at: now, type: 'sign_in.succeeded', provider, person: personOf(identity) }, exchange.native)
  return outcome.returnTo === null ? noContent() : seeOther(outcome.returnTo)
}

async function prolong(
  wiring: Wiring,
  { profile }: Extract<Outcome, { kind: 'prolonged' }>,
  { provider, exchange }: OutcomeOrigin,
): Promise<Response> {
  const { record: before, cookies } = exchange
  exchange.record =
    before === null
      ? null
      : await wiring.sessions.update(cookies, before, (record) => withProfile(record, provider, profile))
  if (exchange.record === null || identityAt(exchange.record.identities, provider) === undefined) {
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
  wiring: Wiring,
  outcome: Extract<Outcome, { kind: 'restart' }>,
  { provider, exchange, progress }: OutcomeOrigin,
): Response {
  const code = `${provider}/${outcome.reason}` as const
  const signInPath = wiring.providers.get(provider)?.signInPath
  // Without a checked state there is no count, and so no end to beginning again.
  if (progress.restarts !== 0 || signInPath === undefined) throw new AuthError(code, providerErrors.restarted_in_vain)
  const query = new URLSearchParams(outcome.query)
  if (outcome.returnTo !== undefined) query.set('return_url', outcome.returnTo)
  query.set(restartParameter, '1')
  wiring.emit({ at: wiring.clock(), type: 'sign_in.restarted', provider, code }, exchange.native)
  return seeOther(`${wiring.basePath}/${provider}${signInPath}?${query}`)
}
