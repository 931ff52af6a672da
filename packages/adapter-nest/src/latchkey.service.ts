import type { UserKey } from '@latchkey/core'
import {
  type Auth,
  type Authenticated,
  type BearerRequirement,
  type BearerToken,
  type HeaderEntries,
  type ProviderName,
  type Session,
  type SessionEnd,
  type SessionPatch,
  type SessionRequirement,
  type WatchOptions,
  watchSession,
} from '@latchkey/core/adapter'
import { closedSignal } from '@latchkey/core/adapter/node'
import { askAuth, type Question } from './ask-auth.ts'
import { nestError } from './errors.ts'
import { findResponse } from './kept-request.ts'
import { rememberChanged } from './passed-requests.ts'
import { type AnyRequest, connectionOf, requestLike } from './platform.ts'
import { orAnswer } from './refusal.filter.ts'

/**
 * Asks an auth about a request of the platform, and puts the cookies and headers of the answer into its response. It is a
 * singleton: it takes the request that `@Req()` gives.
 *
 * Where no header can be set any more (a stream that has begun, an upgrade), reading refreshes and prolongs nothing.
 *
 * @example constructor(@InjectLatchkey() private readonly latchkey: LatchkeyService) {}
 */
export class LatchkeyService {
  private readonly auth: Auth
  private readonly name: string | undefined

  constructor(auth: Auth, name?: string) {
    this.auth = auth
    this.name = name
  }

  /** Returns the session, or null. Refreshes tokens that are due and prolongs the idle time. */
  async getSession(request: AnyRequest): Promise<Session | null> {
    const { session } = await this.ask(request, (like, options) => this.auth.getSession(like, options))
    return session
  }

  /** Returns the session that meets a requirement. @throws as `auth.requireSession` */
  async requireSession(request: AnyRequest, requirement: SessionRequirement = {}): Promise<Session> {
    const { session } = await this.ask(request, (like, options) => this.auth.requireSession(like, requirement, options))
    return session
  }

  /** Returns the access token that meets a requirement. @throws as `auth.requireBearer` */
  async requireBearer(request: AnyRequest, requirement: BearerRequirement = {}): Promise<BearerToken> {
    const { bearer } = await this.ask(request, (like) => this.auth.requireBearer(like, requirement))
    return bearer
  }

  /** Returns the token if the request presents one, else the session. @throws as `auth.requireSessionOrBearer` */
  requireSessionOrBearer(
    request: AnyRequest,
    requirement: { readonly session: SessionRequirement; readonly bearer: BearerRequirement },
  ): Promise<Authenticated> {
    return this.ask<Authenticated>(request, (like, options) =>
      this.auth.requireSessionOrBearer(like, requirement, options),
    )
  }

  /**
   * Returns the access token of a provider in the session, refreshed when it is due.
   *
   * @throws `auth/session_required`, `auth/tokens_missing`, `auth/tokens_unavailable`
   */
  async getAccessToken(request: AnyRequest, provider: ProviderName): Promise<string> {
    const { accessToken } = await this.ask(request, (like, options) =>
      this.auth.getAccessToken(like, provider, options),
    )
    return accessToken
  }

  /**
   * Changes the app's own data in the session: `undefined` removes a member, absent leaves it.
   *
   * @throws `nest/headers_sent`, `auth/session_required`, `core/cross_origin`, `core/session_too_large`
   */
  async updateSession(request: AnyRequest, data: SessionPatch): Promise<Session> {
    const { session } = await this.ask(request, async (like, { readOnly }) => {
      if (readOnly) throw nestError('nest/headers_sent')
      return this.auth.updateSession(like, data)
    })
    rememberChanged(request, this.name, session)
    return session
  }

  /**
   * Resolves when the session of a WebSocket or a stream has ended, or no longer meets the requirement: then close it.
   * Resolves, too, when the connection is closed first. Nothing is refreshed, prolonged or written.
   *
   * @param request Of a gateway the second argument of `handleConnection`.
   * @throws `core/invalid_option`, `core/sessions_external`
   */
  async watchSession(request: AnyRequest, options: WatchOptions = {}): Promise<SessionEnd> {
    const signal = closedSignal(connectionOf(request, findResponse(request)))
    return watchSession(this.auth, requestLike(request), { ...options, signal })
  }

  /** Ends every session of a user, from now on. */
  revokeSessions(user: UserKey): Promise<void> {
    return this.auth.revokeSessions(user)
  }

  /** Origins that a page's CSP `form-action` needs for its sign-out and launch forms. */
  formActionOrigins(session?: Session | null): readonly string[] {
    return this.auth.formActionOrigins(session)
  }

  private ask<Answer extends { readonly headers: HeaderEntries }>(
    request: AnyRequest,
    question: Question<Answer>,
  ): Promise<Answer> {
    const exchange = { request, response: findResponse(request) }
    return orAnswer(exchange, this.auth, () => askAuth(exchange, question))
  }
}
