import type { AuthContext } from '../context/auth-context.ts'
import { openRequestSession } from '../context/request-session.ts'
import { asAuthError } from '../errors/core-errors.ts'
import { checkRequirement, option, rule } from '../errors/options.ts'
import { idle, type Seconds } from '../model/time.ts'
import type { RequestLike } from '../request/request-like.ts'
import { type SessionRecord, sessionFrom } from '../session/record.ts'
import { refuseExternal } from '../session/settings.ts'
import { checkSessionRequirement, meetRequirement, type SessionRequirement } from './require-session.ts'

/** How a session is watched. A member that is present and `undefined` is refused (`core/invalid_option`). */
export interface WatchOptions {
  /** How long an end may stay unnoticed. From 0 to 3,600, above 0. Default 30. */
  readonly everySeconds?: Seconds
  /** What the session must go on to prove. Default: that it is there. */
  readonly requirement?: SessionRequirement
}

/** Why a socket or stream is to be closed. */
export interface SessionEnd {
  /**
   * The code of what a guard would answer now: `auth/session_required` after every end of the session,
   * `auth/step_up_required`, `auth/tenant_required` or `auth/forbidden` where the requirement holds no longer,
   * `auth/store_unavailable` where it could not be asked. `closed`: the connection ended first.
   */
  readonly reason: 'closed' | `${string}/${string}`
}

/** Resolves when the session of a request has ended, or no longer meets the requirement. */
export async function watchSession(
  context: AuthContext,
  request: RequestLike,
  options: WatchOptions & { readonly signal?: AbortSignal },
): Promise<SessionEnd> {
  refuseExternal(context.sessionSettings)
  const {
    everySeconds = 30,
    requirement: given = {},
    signal = new AbortController().signal,
  } = checkRequirement('watchSession', options, {
    everySeconds: rule('must be a number of seconds, above 0 and up to 3600', isPeriod),
    requirement: option.object,
    signal: rule('must be an AbortSignal', (value) => value instanceof AbortSignal),
  })
  const requirement = checkSessionRequirement(context, given)
  let before: SessionRecord | undefined
  while (!signal.aborted) {
    try {
      before = await readAgain(context, request, { requirement, before })
    } catch (error) {
      return { reason: asAuthError(error).code }
    }
    await idle(everySeconds, signal)
  }
  return { reason: 'closed' }
}

function isPeriod(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= 3600
}

/** Reads the session once more. @throws as `requireSession` */
async function readAgain(
  context: AuthContext,
  request: RequestLike,
  { requirement, before }: { readonly requirement: SessionRequirement; readonly before: SessionRecord | undefined },
): Promise<SessionRecord | undefined> {
  const sender = requirement.crossOrigin === 'allow' ? 'any' : 'none'
  const { brought, record } = await openRequestSession(context, request, { sender, before })
  meetRequirement(record === null ? null : sessionFrom(record), requirement, context.clock())
  return brought ?? undefined
}
