import { type AuthError, isAuthError } from '../errors/auth-error.ts'
import { identityAt, memberAt } from '../model/identity.ts'
import type { Awaitable } from '../model/json.ts'
import type { SessionChange, SessionRecord } from '../session/record.ts'
import { droppingTokens, hasDueTokens, keepingProfiles, refreshSession } from '../session/refresh.ts'
import { noMarks } from '../session/revocation.ts'
import type { AuthContext } from './auth-context.ts'
import { changeSession, endedProviders, type RequestSession } from './request-session.ts'
import { revokeUnused } from './vendor-sign-out.ts'

/**
 * Refreshes what is due in the session of a request, and prolongs the session when half its idle time is gone; its cookies
 * are set by the response.
 */
export function refreshRequestSession(context: AuthContext, requestSession: RequestSession): Awaitable<void> {
  const { record } = requestSession
  if (record === null) return undefined
  const isDue = hasDueTokens(record, context.clock()) || context.sessions.isDueForWriting(record)
  return isDue ? refreshAndWrite(context, requestSession, record) : undefined
}

async function refreshAndWrite(
  context: AuthContext,
  requestSession: RequestSession,
  before: SessionRecord,
): Promise<void> {
  const { cookies } = requestSession
  const refreshed = await refreshSession(context, before)
  if (refreshed === 'ended') await context.sessions.end(cookies, before)
  if (typeof refreshed === 'string') {
    requestSession.record = null
  } else if (refreshed !== null) {
    requestSession.record = await writeRefreshed(context, requestSession, { before, change: refreshed })
  } else if (context.sessions.isDueForWriting(before)) {
    requestSession.record = await changeSession(context, requestSession, { before, change: (record) => record })
  }
}

interface Refreshed {
  readonly before: SessionRecord
  readonly change: SessionChange
}

/** Writes what a refresh gave, unless the user's sign-ins were revoked while the vendor was asked. */
async function writeRefreshed(
  context: AuthContext,
  requestSession: RequestSession,
  { before, change }: Refreshed,
): Promise<SessionRecord | null> {
  const now = await endedProviders(context, { record: before, marks: noMarks }, requestSession.own)
  requestSession.ended = [...requestSession.ended, ...now]
  if (!requestSession.ended.includes(before.userProvider)) {
    return writeAsFarAsItFits(context, requestSession, { before, change })
  }
  const { tokens } = change(before)
  await Promise.all(
    refreshedProviders(before, change).map(async (name) => {
      const identity = identityAt(before.identities, name)
      if (identity === undefined) return
      await revokeUnused(context, { identity, tokens: memberAt(tokens, name) }, new URL(requestSession.own.origin))
    }),
  )
  return null
}

/** New tokens are kept, whatever becomes of the profile: the old ones may be spent. Those that do not fit are left out. */
async function writeAsFarAsItFits(
  context: AuthContext,
  requestSession: RequestSession,
  { before, change }: Refreshed,
): Promise<SessionRecord | null> {
  const [provider = before.userProvider] = refreshedProviders(before, change)
  const report = (type: 'session.profile_kept' | 'session.tokens_dropped', { code, hint }: AuthError): void =>
    context.emit({ at: context.clock(), type, provider, code, hint }, requestSession.frameworkRequest)
  const write = async (next: SessionChange): Promise<SessionRecord | AuthError | null> => {
    try {
      return await changeSession(context, requestSession, { before, change: next })
    } catch (error) {
      return requireTooLarge(error)
    }
  }

  const whole = await write(change)
  if (!isAuthError(whole)) return whole
  const withoutProfiles = await write(keepingProfiles(change))
  if (!isAuthError(withoutProfiles)) {
    report('session.profile_kept', whole)
    return withoutProfiles
  }
  const withoutTokens = await changeSession(context, requestSession, { before, change: droppingTokens(change) })
  report('session.tokens_dropped', withoutProfiles)
  return withoutTokens
}

/** @throws What is no `core/session_too_large` */
function requireTooLarge(error: unknown): AuthError {
  if (isAuthError(error) && error.code === 'core/session_too_large') return error
  throw error
}

function refreshedProviders(before: SessionRecord, change: SessionChange): readonly string[] {
  const { tokens } = change(before)
  return Object.keys(tokens).filter((name) => memberAt(tokens, name) !== memberAt(before.tokens, name))
}
