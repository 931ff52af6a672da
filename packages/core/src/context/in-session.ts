import { isPending } from '../model/awaitable.ts'
import type { Awaitable } from '../model/json.ts'
import { type Answer, withMoreHeaders } from '../request/answer.ts'
import { headersOf, keepHeadersOf } from '../request/headers-of-errors.ts'
import type { HeaderEntries, RequestLike } from '../request/request-like.ts'
import { noStore } from '../request/response.ts'
import type { AuthContext } from './auth-context.ts'
import { refreshRequestSession } from './refreshed-session.ts'
import { type OpenOptions, openRequestSession, type RequestSession } from './request-session.ts'

/** The headers of a response that read or wrote a session: no cache may keep it. */
function sessionHeaders(requestSession: RequestSession): HeaderEntries {
  return [...noStore, ...setCookieHeaders(requestSession)]
}

/** The headers that set the cookies of a request's session. */
export function setCookieHeaders({ cookies }: RequestSession): HeaderEntries {
  return cookies.response.lines().map((line) => ['set-cookie', line] as const)
}

/** A result with the headers of its response: they are made when they are read, so that what ended by then is not written back. */
class SessionAnswer {
  readonly #requestSession: RequestSession

  constructor(result: object, requestSession: RequestSession) {
    this.#requestSession = requestSession
    Object.assign(this, result)
    Object.defineProperty(this, 'headers', SessionAnswer.#headers)
  }

  // One getter for all: with one of its own each result would have a hidden class of its own, which V8 pays dearly for.
  static readonly #headers = {
    enumerable: true,
    get(this: SessionAnswer): HeaderEntries {
      return sessionHeaders(this.#requestSession)
    },
  }
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
  // To wait for what is there already costs a turn each.
  const opening = openRequestSession(context, request, { sender })
  const requestSession = isPending(opening) ? await opening : opening
  try {
    const refreshing = readOnly ? undefined : refreshRequestSession(context, requestSession)
    if (isPending(refreshing)) await refreshing
    const used = use(requestSession)
    const answer: object = new SessionAnswer(isPending(used) ? await used : used, requestSession)
    return answer as Result & { readonly headers: HeaderEntries }
  } catch (error) {
    keepHeadersOf(error, () => sessionHeaders(requestSession))
    throw error
  }
}

/** Adds the cookies of the session that was read before an error to the answer to it. */
export function withCookiesOf(error: unknown, answer: Answer): Answer {
  return withMoreHeaders(
    answer,
    headersOf(error).filter(([name]) => name === 'set-cookie'),
  )
}
