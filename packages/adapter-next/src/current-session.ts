import {
  type Auth,
  isAuthError,
  type ProviderName,
  type Session,
  type SessionPatch,
  type SessionRequirement,
} from '@latchkey/core/adapter'
import { redirectTo } from '#next'
import { currentRequest } from './current-request.ts'
import type { GuardedRequests } from './guarded-request.ts'
import { navigationTo } from './request-source.ts'

/** What the functions for pages, Server Actions and route handlers share. */
export interface CurrentSessionContext {
  /** The auth; made when it is first asked for. */
  readonly auth: () => Auth
  readonly guardedRequests: GuardedRequests
  /** Of `next.config`. */
  readonly basePath: string
}

/** Options of `requireSession` in a page or Server Action. */
export interface RequireSessionOptions {
  /**
   * Where the user comes back to after the sign-in: a path with its query, as the browser shows it. Next does not tell
   * it. Default: the first page of the app.
   */
  readonly returnTo?: string | undefined
}

/** Reads the session of the request that runs. Nothing is written. */
export async function readCurrentSession({ auth, guardedRequests }: CurrentSessionContext): Promise<Session | null> {
  const { read } = await currentRequest(guardedRequests)
  const { session } = await read((request) => auth().getSession(request, { readOnly: true }))
  return session
}

/** Reads that session, and goes elsewhere if it does not meet the requirement. */
export async function requireCurrentSession(
  { auth, guardedRequests, basePath }: CurrentSessionContext,
  requirement: SessionRequirement,
  { returnTo = basePath === '' ? '/' : basePath }: RequireSessionOptions,
): Promise<Session> {
  const { read, isRedirectPrefixed } = await currentRequest(guardedRequests)
  let location: string | null = null
  try {
    const { session } = await read((request) => auth().requireSession(request, requirement, { readOnly: true }))
    return session
  } catch (error) {
    if (!isAuthError(error)) throw error
    location = auth().errorResponse(error, navigationTo(returnTo)).headers.get('location')
    if (location === null) throw error
  }
  return redirectTo(isRedirectPrefixed() ? withoutBasePath(location, basePath) : location)
}

/** Returns an access token of that session; refreshed when it is due, if the response can still set the cookie. */
export async function getCurrentAccessToken(
  { auth, guardedRequests }: CurrentSessionContext,
  provider: ProviderName,
): Promise<string> {
  const { readOnlyReason, read, write } = await currentRequest(guardedRequests)
  const { accessToken } =
    readOnlyReason() === null
      ? await write((request) => auth().getAccessToken(request, provider))
      : await read((request) => auth().getAccessToken(request, provider, { readOnly: true }))
  return accessToken
}

/** Changes the app's own data in that session. A method that can only be guessed is judged as one that changes state. */
export async function updateCurrentSession(
  { auth, guardedRequests }: CurrentSessionContext,
  data: SessionPatch,
): Promise<Session> {
  const { readOnlyReason, write } = await currentRequest(guardedRequests)
  const reason = readOnlyReason()
  if (reason !== null) throw reason
  const { session } = await write((request) =>
    auth().updateSession(request.isMethodKnown ? request : { ...request, method: 'POST' }, data),
  )
  return session
}

/** What Next puts its `basePath` before. */
function withoutBasePath(location: string, basePath: string): string {
  const isUnder = basePath !== '' && /^(?:[/?]|$)/.test(location.slice(basePath.length))
  return isUnder && location.startsWith(basePath) ? location.slice(basePath.length) || '/' : location
}
