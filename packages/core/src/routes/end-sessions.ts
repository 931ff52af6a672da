import type { AuthContext } from '../context/auth-context.ts'
import type { RequestSession } from '../context/request-session.ts'
import { expireChunks, readingsOf } from '../cookies/chunks.ts'
import { type RequestCookies, requestCookies } from '../cookies/request-cookies.ts'
import { identityAt, sameUser, type UserKey, userKey } from '../model/identity.ts'
import type { SessionRecord } from '../session/record.ts'
import { type SignInMarks, signInsOf } from '../session/revocation.ts'

/** What the store kept a sign-out from ending: the browser carries it, sealed, to the next one. */
export interface UnfinishedSignOut {
  /** Whether the other sessions of the users of these sessions end, too. */
  readonly everywhere: boolean
  /** Cookies of sessions that are no session's any more in this browser, but may be in the store. */
  readonly tokens: readonly string[]
  /** Users whose sign-ins are to end wherever they are. */
  readonly users: readonly UserKey[]
}

/** What a sign-out is to end beside the session of the request. */
export interface EndOptions {
  readonly everywhere: boolean
  /** Of a sign-out before this one. */
  readonly unfinished: UnfinishedSignOut | null
}

/** What a sign-out has ended, and what it could not. */
export interface EndedSessions {
  /** The sessions that were found, with everything that is kept of them. */
  readonly records: readonly SessionRecord[]
  /** What is left; null where everything has ended. */
  readonly left: (UnfinishedSignOut & { readonly reason: string }) | null
}

/** A session that a sign-out is about. */
interface Sought {
  readonly sent: RequestCookies
  readonly everywhere: boolean
  /** Null where there is none, or none is known. */
  readonly record: SessionRecord | null
  /** Whether the store did not say. */
  readonly isUnread: boolean
}

/**
 * Ends the sessions of a request, whether or not they may still be used, and with `everywhere` all others of their users.
 * Nobody else is asked about it. Each part is tried, whatever becomes of the others, and what the store did not take is
 * told.
 */
export async function endSessions(
  context: AuthContext,
  requestSession: RequestSession,
  { everywhere, unfinished }: EndOptions,
): Promise<EndedSessions> {
  const { cookies, own } = requestSession
  const { cookieName } = context.sessionSettings
  const { ways, isCut } = readingsOf(cookies.sent, cookieName)
  const earlier = (unfinished?.tokens ?? []).map((token) => requestCookies(`${cookieName}=${token}`))
  const sought = await Promise.all([
    ...ways.map((sent) => seek(context, { sent, everywhere, origin: own.origin })),
    ...earlier.map((sent) => seek(context, { sent, everywhere: unfinished?.everywhere === true, origin: own.origin })),
  ])
  // Marks come first: while one is missing, the session that it is asked for by is there to ask again.
  const users = await endUsers(context, await usersOf(context, sought), unfinished?.users ?? [])
  const failed = await endEach(context, requestSession, sought)
  for (const each of sought.filter((one) => !failed.includes(one))) {
    report(context, requestSession, { ...each, everywhere: each.everywhere && users.length === 0 })
  }
  const records = sought.flatMap(({ record }) => record ?? [])
  if (failed.length === 0 && users.length === 0 && !isCut) return { records, left: null }
  // Without the names behind it, which only save a reading.
  const tokens = failed.flatMap(({ sent }) => sent.only(cookieName)?.split('.', 1) ?? [])
  const reason = [...(failed.length > 0 || isCut ? ['session'] : []), ...(users.length > 0 ? ['everywhere'] : [])]
  return {
    records,
    left: { everywhere: failed.some((each) => each.everywhere), tokens, users, reason: reason.join(' ') },
  }
}

/** Looks for a session, twice where the store fails: what is not found cannot be ended at its vendors. */
async function seek(
  { sessions }: AuthContext,
  { sent, everywhere, origin }: Pick<Sought, 'sent' | 'everywhere'> & { readonly origin: string },
): Promise<Sought> {
  const read = async (): Promise<SessionRecord | null> => (await sessions.read(sent, origin))?.record ?? null
  try {
    return { sent, everywhere, record: await read().catch(read), isUnread: false }
  } catch {
    return { sent, everywhere, record: null, isUnread: true }
  }
}

/** The users of sessions that end everywhere. One who has been ended since is left alone: an old cookie ends no new session. */
async function usersOf({ revocations }: AuthContext, sought: readonly Sought[]): Promise<readonly UserKey[]> {
  const signIns = sought.flatMap(({ record, everywhere }) =>
    record !== null && everywhere ? usersSignInsOf(record) : [],
  )
  if (signIns.length === 0) return []
  const find = async (): Promise<readonly SignInMarks[]> => revocations.findRevoked(signIns)
  const ended: readonly SignInMarks[] = await find().catch(() => [])
  return signIns.filter((signIn) => !ended.includes(signIn)).map(({ identity }) => userKey(identity))
}

/** Without the vendor's `sid`: its end is the end of one session there, not of the user's others. */
function usersSignInsOf(record: SessionRecord): readonly SignInMarks[] {
  return signInsOf(record).map((signIn) => ({ ...signIn, sid: undefined }))
}

/** @returns The users for whom it failed. */
async function endUsers(
  { revocations }: AuthContext,
  found: readonly UserKey[],
  unfinished: readonly UserKey[],
): Promise<readonly UserKey[]> {
  const users = [...found, ...unfinished].filter(
    (user, index, all) => all.findIndex((other) => sameUser(user, other)) === index,
  )
  const results = await Promise.allSettled(users.map((user) => revocations.revoke(user)))
  return users.filter((_user, index) => results[index]?.status === 'rejected')
}

/** @returns The sessions that may live on. */
async function endEach(
  { sessions, sessionSettings }: AuthContext,
  { cookies }: RequestSession,
  sought: readonly Sought[],
): Promise<readonly Sought[]> {
  const { response } = cookies
  const results = await Promise.allSettled(
    sought.map(async ({ sent, record, everywhere, isUnread }) => {
      if (!isUnread || !everywhere) await sessions.end({ sent, response }, record)
      if (!isUnread) return
      // Its users are not known without it: it stays in the store until they are.
      expireChunks({ sent, response }, sessionSettings.cookieName)
      throw new Error('unread')
    }),
  )
  return sought.filter((_each, index) => results[index]?.status === 'rejected')
}

function report(context: AuthContext, { frameworkRequest }: RequestSession, { record, everywhere }: Sought): void {
  const user = record === null ? undefined : identityAt(record.identities, record.userProvider)
  if (user === undefined) return
  const reason = everywhere ? 'signed_out_everywhere' : 'signed_out'
  context.emit(
    { at: context.clock(), type: 'session.ended', reason, provider: user.provider, user: userKey(user) },
    frameworkRequest,
  )
}
