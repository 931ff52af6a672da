import { requestCookies } from '../cookies/request-cookies.ts'
import { type Cookies, responseCookies } from '../cookies/response-cookies.ts'
import { isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import type { FrameworkRequest } from '../model/framework-request.ts'
import { type Identity, identityAt, memberAt } from '../model/identity.ts'
import type { Awaitable } from '../model/json.ts'
import type { ResolvedOrigin } from '../request/origins.ts'
import type { HeaderEntries, RequestLike } from '../request/request-like.ts'
import { mayActAsUser } from '../request/request-source.ts'
import { noStore } from '../request/response.ts'
import { type SessionChange, type SessionRecord, withoutProvider } from '../session/record.ts'
import { keepingProfiles, refreshSession } from '../session/refresh.ts'
import type { AuthContext } from './auth-context.ts'
import { reportSkew } from './clock-skew.ts'

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
  readonly ended: readonly string[]
  /** The provider whose sign-in this request decides about, as soon as that is known: its refusal is reported as one. */
  signingIn: string | null
  readonly frameworkRequest: FrameworkRequest
}

/** How a session is opened. */
interface OpenOptions {
  readonly frameworkRequest?: FrameworkRequest
  /**
   * What becomes of a request that may not act as the user: it has no session (`none`, the default), it is refused, or
   * nobody asks who sent it (`any`).
   */
  readonly sender?: 'none' | 'refuse' | 'any' | undefined
  /** The session as it was read for this request before: asked is whether it has ended. */
  readonly before?: SessionRecord | undefined
  /** Whether the session is read: not for a route that reads it by itself, or needs none. Default true. */
  readonly reads?: boolean | undefined
}

/**
 * Opens the session that a request brought.
 *
 * @throws `core/unknown_host`, `core/cross_origin`, `auth/store_unavailable`
 */
export async function openRequestSession(
  context: AuthContext,
  request: RequestLike,
  { frameworkRequest, sender = 'none', before, reads = true }: OpenOptions = {},
): Promise<RequestSession> {
  const own = context.origins.resolve(request)
  const sent = requestCookies(request.headers.get('cookie'))
  const { trustedOrigins } = context
  const isHeard = sender === 'any' || mayActAsUser(request, { origin: own.origin, trustedOrigins })
  if (!isHeard && sender === 'refuse') throw coreError('core/cross_origin')
  const read = () =>
    before === undefined ? context.sessions.read(sent, own.origin) : context.sessions.readAgain(sent, before)
  const kept = isHeard && reads ? await read() : null
  if (kept !== null) reportSkew(context, kept)
  const ended = kept === null ? [] : await endedProviders(context, kept, own)
  return {
    request,
    own,
    cookies: { sent, response: responseCookies() },
    brought: kept,
    record: kept === null ? null : withoutEnded(kept, ended),
    ended,
    signingIn: null,
    frameworkRequest,
  }
}

/**
 * The providers whose identities have ended, may not be used on this host, or have an issuer that is not their provider's
 * any more: they are gone with their tokens.
 */
async function endedProviders(
  context: AuthContext,
  record: SessionRecord,
  { origin, tenant }: ResolvedOrigin,
): Promise<readonly string[]> {
  const names = Object.keys(record.identities)
  const isValid = await Promise.all(
    names.map(async (name) => {
      const provider = context.providers.get(name)
      const identity = identityAt(record.identities, name)
      if (provider === undefined || identity === undefined) return false
      if (!provider.accountIssuers.includes(identity.issuer)) return false
      if (provider.isValidFor === undefined) return true
      const answer: unknown = await provider.isValidFor({ kind: 'identity', identity }, { origin, tenant })
      return answer === true
    }),
  )
  const signIns = names.flatMap((name) => {
    const identity = identityAt(record.identities, name)
    if (identity === undefined) return []
    return [{ identity, sid: memberAt(record.sids, name), epochs: memberAt(record.epochs, name) ?? [] }]
  })
  const revoked = new Set((await context.revocations.findRevoked(signIns)).map(({ identity }) => identity))
  return names.filter((name, index) => isValid[index] !== true || revoked.has(record.identities[name] as Identity))
}

/** A session whose user has ended is no session. */
function withoutEnded(record: SessionRecord, ended: readonly string[]): SessionRecord | null {
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
  { cookies, ended }: RequestSession,
  { before, change }: { readonly before: SessionRecord; readonly change: SessionChange },
): Promise<SessionRecord | null> {
  return context.sessions.update(cookies, before, (present) => change(ended.reduce(withoutProvider, present)))
}

/**
 * Refreshes what is due in the session of a request, and prolongs the session when half its idle time is gone; its cookies
 * are set by the response.
 */
export async function refreshRequestSession(context: AuthContext, requestSession: RequestSession): Promise<void> {
  const { record: before, cookies } = requestSession
  if (before === null) return
  const refreshed = await refreshSession(context, before)
  if (refreshed === 'ended') await context.sessions.end(cookies, before)
  if (typeof refreshed === 'string') {
    requestSession.record = null
  } else if (refreshed !== null || context.sessions.isDueForWriting(before)) {
    requestSession.record = await writeRefreshed(context, requestSession, { before, change: refreshed ?? unchanged })
  }
}

/** Writes what a refresh gave. New tokens are kept, whatever becomes of the profile: the old ones may be spent. */
async function writeRefreshed(
  context: AuthContext,
  requestSession: RequestSession,
  { before, change }: { readonly before: SessionRecord; readonly change: SessionChange },
): Promise<SessionRecord | null> {
  try {
    return await changeSession(context, requestSession, { before, change })
  } catch (error) {
    if (!isAuthError(error) || error.code !== 'core/session_too_large' || change === unchanged) throw error
    const { code, hint } = error
    const provider = before.userProvider
    context.emit(
      { at: context.clock(), type: 'session.profile_kept', provider, code, hint },
      requestSession.frameworkRequest,
    )
    return changeSession(context, requestSession, { before, change: keepingProfiles(change) })
  }
}

const unchanged: SessionChange = (record) => record

/** The headers of a response that read or wrote a session: no cache may keep it. */
export function sessionHeaders({ cookies }: RequestSession): HeaderEntries {
  const setCookies = cookies.response.lines().map((line) => ['set-cookie', line] as const)
  return [...noStore, ...setCookies]
}

/** Adds the headers of the response: they are made when they are read, so that what ended by then is not written back. */
function withSessionHeaders<Result extends object>(
  result: Result,
  requestSession: RequestSession,
): Result & { readonly headers: HeaderEntries } {
  return Object.defineProperty(result, 'headers', {
    enumerable: true,
    get: () => sessionHeaders(requestSession),
  }) as Result & { readonly headers: HeaderEntries }
}

interface InSessionOptions extends Pick<OpenOptions, 'sender'> {
  readonly request: RequestLike
  readonly readOnly: boolean
}

/**
 * Does something with the session of a request, refreshed unless `readOnly`. The result gets the headers of the response;
 * an error keeps them for the answer to it, because a refresh that was made before it must reach the browser.
 */
export async function inSession<Result extends object>(
  context: AuthContext,
  { request, readOnly, sender }: InSessionOptions,
  use: (requestSession: RequestSession) => Awaitable<Result>,
): Promise<Result & { readonly headers: HeaderEntries }> {
  const requestSession = await openRequestSession(context, request, { sender })
  try {
    if (!readOnly) await refreshRequestSession(context, requestSession)
    return withSessionHeaders(await use(requestSession), requestSession)
  } catch (error) {
    if (typeof error === 'object' && error !== null) sessionsOfErrors.set(error, requestSession)
    throw error
  }
}

const sessionsOfErrors = new WeakMap<object, RequestSession>()

/** Adds the cookies of the session that was read before an error to the answer to it. */
export function withCookiesOf(error: unknown, response: Response): Response {
  const requestSession = typeof error === 'object' && error !== null ? sessionsOfErrors.get(error) : undefined
  for (const line of requestSession?.cookies.response.lines() ?? []) response.headers.append('set-cookie', line)
  return response
}
