import type { AuthContext } from '../context/auth-context.ts'
import { inSession } from '../context/in-session.ts'
import { changeSession } from '../context/request-session.ts'
import { coreError } from '../errors/core-errors.ts'
import { memberAt } from '../model/identity.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { SessionPatch } from '../model/session.ts'
import type { RequestLike } from '../request/request-like.ts'
import { type SessionChange, sessionFrom } from '../session/record.ts'
import { firstPauseSeconds } from '../session/refresh-memory.ts'
import { refuseExternal } from '../session/settings.ts'
import type { AccessTokenResult, AuthenticatedSession, SessionResult } from './results.ts'

/** Returns the session of a request; unless `readOnly`, refreshes and prolongs what is due. */
export async function getSession(
  context: AuthContext,
  request: RequestLike,
  readOnly: boolean,
): Promise<SessionResult> {
  return inSession(context, { request, readOnly }, ({ record }) => ({
    session: record === null ? null : sessionFrom(record),
  }))
}

/** Returns the access token of one provider in the session of a request; unless `readOnly`, refreshed when due. */
export async function getAccessToken(
  context: AuthContext,
  request: RequestLike,
  { provider, readOnly }: { readonly provider: string; readonly readOnly: boolean },
): Promise<AccessTokenResult> {
  refuseExternal(context.sessionSettings)
  return inSession(context, { request, readOnly, sender: 'refuse' }, ({ record }) => {
    const cause = { cause: { provider } }
    if (record === null) throw coreError('auth/session_required', cause)
    const { accessToken, expiresAt } = memberAt(record.tokens, provider) ?? {}
    if (accessToken === undefined) throw coreError('auth/tokens_missing', cause)
    if (expiresAt !== undefined && expiresAt <= context.clock()) {
      throw coreError('auth/tokens_unavailable', { cause: { provider, retryAfterSeconds: firstPauseSeconds } })
    }
    return { accessToken, ...(expiresAt === undefined ? {} : { expiresAt }) }
  })
}

/** Changes the app's own data in the session of a request. */
export async function updateSession(
  context: AuthContext,
  request: RequestLike,
  data: SessionPatch,
): Promise<AuthenticatedSession> {
  refuseExternal(context.sessionSettings)
  return inSession(context, { request, readOnly: false, sender: 'refuse' }, async (requestSession) => {
    const before = requestSession.record
    if (before === null) throw coreError('auth/session_required')
    const change: SessionChange = (present) => ({
      ...present,
      generation: present.generation + 1,
      data: patched(present.data, data),
    })
    const record = await changeSession(context, requestSession, { before, change })
    if (record === null) throw coreError('auth/session_required')
    return { kind: 'session' as const, session: sessionFrom(record) }
  })
}

function patched(before: JsonObject, patch: SessionPatch): JsonObject {
  const members = Object.entries({ ...before, ...(patch as Readonly<Record<string, Json | undefined>>) })
  return Object.fromEntries(members.filter((member): member is [string, Json] => member[1] !== undefined))
}
