import { type AuthError, isAuthError } from '../errors/auth-error.ts'
import { identityAt, memberAt } from '../model/identity.ts'
import type { SessionChange, SessionRecord } from '../session/record.ts'
import { droppingTokens, keepingProfiles, refreshSession } from '../session/refresh.ts'
import type { AuthContext } from './auth-context.ts'
import { changeSession, endedProviders, type RequestSession } from './request-session.ts'
import { revokeUnused } from './vendor-sign-out.ts'

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
  requestSession.ended = [...requestSession.ended, ...(await endedProviders(context, before, requestSession.own))]
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
  const write = (next: SessionChange): Promise<SessionRecord | null> =>
    changeSession(context, requestSession, { before, change: next })
  try {
    return await write(change)
  } catch (error) {
    report('session.profile_kept', requireTooLarge(error))
  }
  try {
    return await write(keepingProfiles(change))
  } catch (error) {
    report('session.tokens_dropped', requireTooLarge(error))
  }
  return write(droppingTokens(change))

  function report(
    type: 'session.profile_kept' | 'session.tokens_dropped',
    why: Pick<AuthError, 'code' | 'hint'>,
  ): void {
    const [provider = before.userProvider] = refreshedProviders(before, change)
    context.emit(
      { at: context.clock(), type, provider, code: why.code, hint: why.hint },
      requestSession.frameworkRequest,
    )
  }
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
