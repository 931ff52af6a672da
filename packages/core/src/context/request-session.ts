import { requestCookies } from '../cookies/request-cookies.ts'
import { type Cookies, responseCookies } from '../cookies/response-cookies.ts'
import { coreError } from '../errors/core-errors.ts'
import type { Arrival } from '../login/arrival.ts'
import { allOf, andThen, isPending } from '../model/awaitable.ts'
import type { FrameworkRequest } from '../model/framework-request.ts'
import { identityAt, memberAt } from '../model/identity.ts'
import type { Awaitable } from '../model/json.ts'
import type { ResolvedOrigin } from '../request/origins.ts'
import type { RequestLike } from '../request/request-like.ts'
import { mayActAsUser } from '../request/request-source.ts'
import { type SessionChange, type SessionRecord, withoutProvider } from '../session/record.ts'
import { type SignInMarks, signInsOf } from '../session/revocation.ts'
import type { ReadSession } from '../session/strategy.ts'
import type { AuthContext } from './auth-context.ts'
import { revokeUnused } from './vendor-sign-out.ts'

/** One request and the response that it will have, as far as origin, cookies and session go. */
export interface RequestSession {
  readonly request: RequestLike
  readonly own: ResolvedOrigin
  readonly cookies: Cookies
  /** The session as it came, with the identities that have ended. */
  readonly brought: SessionRecord | null
  /** The session as far as this request knows it by now. */
  record: SessionRecord | null
  /** Providers whose identities in the record, as it is kept, have ended: every write drops them. */
  ended: readonly string[]
  /** The provider whose sign-in this request decides about, as soon as that is known: its refusal is reported as one. */
  signingIn: string | null
  /** Those of them whose tokens the vendor has been asked to take back: no record holds them any more. */
  takenBack: readonly string[]
  readonly frameworkRequest: FrameworkRequest
  /** What a callback shows of its login; null for every other request. */
  readonly arrival: Arrival | null
}

/** How a session is opened. */
export interface OpenOptions {
  readonly frameworkRequest?: FrameworkRequest
  /**
   * What becomes of a request that may not act as the user: it has no session (`none`, the default), it is refused, or
   * nobody asks who sent it (`any`).
   */
  readonly sender?: 'none' | 'refuse' | 'any' | undefined
  /** The session as it was read for this request before: asked is whether it has ended. */
  readonly before?: SessionRecord | undefined
  /** What a callback shows of its login: one that brings none has no session, so that a flood of them reads nothing. */
  readonly arrival?: Arrival | null
  /** Whether the session is read: not for a route that reads it by itself, or needs none. Default true. */
  readonly reads?: boolean | undefined
}

/**
 * Opens the session that a request brought.
 *
 * @throws `core/unknown_host`, `core/cross_origin`, `auth/store_unavailable`
 */
export function openRequestSession(
  context: AuthContext,
  request: RequestLike,
  { frameworkRequest, sender = 'none', before, arrival = null, reads = true }: OpenOptions = {},
): Awaitable<RequestSession> {
  const own = context.origins.resolve(request)
  const sent = requestCookies(request.headers.get('cookie'))
  const { trustedOrigins } = context
  const isHeard = sender === 'any' || mayActAsUser(request, { origin: own.origin, trustedOrigins })
  if (!isHeard && sender === 'refuse') throw coreError('core/cross_origin')
  const isRead = isHeard && reads && arrival?.brings !== 'nothing'
  const open = (kept: SessionRecord | null, ended: readonly string[]): RequestSession => ({
    request,
    own,
    cookies: { sent, response: responseCookies() },
    brought: kept,
    record: kept === null ? null : withoutEnded(kept, ended),
    ended,
    signingIn: null,
    takenBack: [],
    frameworkRequest,
    arrival,
  })
  return andThen(isRead ? readSession(context, { sent, origin: own.origin, before }) : null, (found) => {
    if (found === null) return open(null, [])
    return andThen(endedProviders(context, found, own), (ended) => {
      context.reportSkew(found.record)
      return open(found.record, ended)
    })
  })
}

function readSession(
  { sessions }: AuthContext,
  { sent, origin, before }: Pick<Cookies, 'sent'> & { readonly origin: string } & Pick<OpenOptions, 'before'>,
): Awaitable<ReadSession | null> {
  return before === undefined ? sessions.read(sent, origin) : sessions.readAgain(sent, before)
}

/**
 * The providers whose identities have ended, may not be used on this host, or have an issuer that is not their provider's
 * any more: they are gone with their tokens.
 */
export function endedProviders(
  context: AuthContext,
  { record, marks }: ReadSession,
  own: ResolvedOrigin,
): Awaitable<readonly string[]> {
  const signIns = signInsOf(record)
  // First: until its marks are known, nothing of a record is used.
  return andThen(context.revocations.findRevoked(signIns, marks), (revoked) =>
    andThen(allOf(signIns.map((signIn) => isValid(context, signIn, own))), (areValid) =>
      signIns.filter((signIn, index) => areValid[index] !== true || revoked.includes(signIn)).map(({ name }) => name),
    ),
  )
}

function isValid(
  { providers }: AuthContext,
  { name, identity }: SignInMarks,
  { origin, tenant }: ResolvedOrigin,
): Awaitable<boolean> {
  const provider = providers.get(name)
  if (provider === undefined || !provider.accountIssuers.includes(identity.issuer)) return false
  if (provider.isValidFor === undefined) return true
  try {
    const answer: unknown = provider.isValidFor({ kind: 'identity', identity }, { origin, tenant })
    // A promise of whatever make, since a provider may be anyone's.
    return isPending(answer) ? isTrue(answer) : answer === true
  } catch (error) {
    // Together with what the other providers are still to say: nobody else would hear of their failure.
    return Promise.reject(error)
  }
}

async function isTrue(answer: unknown): Promise<boolean> {
  return (await answer) === true
}

/** A session without the identities that have ended; one whose user has ended is no session. */
export function withoutEnded(record: SessionRecord, ended: readonly string[]): SessionRecord | null {
  if (ended.includes(record.userProvider)) return null
  return ended.reduce(withoutProvider, record)
}

/**
 * Changes the session of a request where it is kept, and begins its idle time anew. What has ended is dropped from what
 * is kept, too, also if another request changes it meanwhile.
 *
 * @returns The record as it is kept; null if the session has ended meanwhile.
 */
export async function changeSession(
  context: AuthContext,
  requestSession: RequestSession,
  { before, change }: { readonly before: SessionRecord; readonly change: SessionChange },
): Promise<SessionRecord | null> {
  const { cookies, ended } = requestSession
  const record = await context.sessions.update(cookies, before, (present) =>
    change(ended.reduce(withoutProvider, present)),
  )
  if (record !== null) await takeBackDropped(context, requestSession, change(before))
  return record
}

/**
 * Has vendors take back the tokens of identities that a write has dropped: no later sign-out would find them.
 *
 * @param latest A record with tokens that may be newer than those that the request brought.
 */
export async function takeBackDropped(
  context: AuthContext,
  requestSession: RequestSession,
  latest: SessionRecord | null,
): Promise<void> {
  const { brought, ended, own } = requestSession
  const dropped = ended.filter((name) => !requestSession.takenBack.includes(name))
  requestSession.takenBack = ended
  await Promise.all(
    dropped.map(async (name) => {
      const identity = identityAt(brought?.identities ?? {}, name)
      const tokens = memberAt(latest?.tokens ?? {}, name) ?? memberAt(brought?.tokens ?? {}, name)
      if (identity !== undefined) await revokeUnused(context, { identity, tokens }, new URL(own.origin))
    }),
  )
}
