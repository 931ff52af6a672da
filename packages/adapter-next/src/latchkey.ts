import type { ProviderName, Session, SessionPatch, SessionRequirement } from '@latchkey/core'
import { type Auth, addListener, checkOptions, rule } from '@latchkey/core/adapter'
import type { NextRequest, NextResponse } from 'next/server.js'
import { createAsyncStorage } from '#async-storage'
import { publishEvent } from '#diagnostics'
import {
  type CurrentSessionContext,
  getCurrentAccessToken,
  type RequireSessionOptions,
  readCurrentSession,
  requireCurrentSession,
  updateCurrentSession,
} from './current-session.ts'
import type { GuardedRequest } from './guarded-request.ts'
import { answerRoutes } from './handlers.ts'
import { type NextProxy, refreshInProxy } from './refresh-in-proxy.ts'
import {
  checkRouteRequirement,
  type GuardedHandler,
  guardRoute,
  type KnownMembers,
  type Requirement,
  type RouteParams,
} from './route.ts'

declare module '@latchkey/core' {
  interface FrameworkRequests {
    /** Next's own request. */
    next: NextRequest
  }
}

/** Options of {@link latchkey}. */
export interface LatchkeyOptions {
  /** The `basePath` of `next.config`, if it has one: Next hides it from route handlers. The auth's own begins with it. */
  readonly basePath?: `/${string}` | undefined
}

/** An auth as the parts of a Next app use it. Each may be taken out on its own. */
export interface NextLatchkey {
  /**
   * For `app/auth/[...path]/route.ts`: `export const { GET, POST } = handlers`. Export `OPTIONS` as well where pages of
   * `trustedOrigins` send requests that a browser asks about in advance.
   */
  readonly handlers: {
    readonly GET: (request: NextRequest) => Promise<Response>
    readonly POST: (request: NextRequest) => Promise<Response>
    readonly OPTIONS: (request: NextRequest) => Promise<Response>
  }
  /**
   * For `proxy.ts`: refreshes the session when a user opens a page, and lets the page see it refreshed. It protects nothing:
   * that is for `requireSession` and `route`.
   *
   * @param next The app's own proxy. Its response goes on with its headers and cookies.
   */
  proxy(request: NextRequest, next?: NextProxy): Promise<NextResponse>
  /** Returns the session of the page, Server Action or route handler that runs, or null. It makes a page dynamic. */
  getSession(): Promise<Session | null>
  /**
   * Returns the session of the page or Server Action that runs. Without one that meets the requirement it redirects to
   * `pages.signIn` or `pages.error`. Call it in each page and action: a layout is not rendered again for each.
   *
   * @throws `auth/session_required`, `auth/step_up_required`, `auth/tenant_required`, `auth/forbidden`,
   * `core/cross_origin` where there is no page to redirect to; `core/invalid_option`
   */
  requireSession(requirement?: SessionRequirement, options?: RequireSessionOptions): Promise<Session>
  /**
   * Returns the access token of a provider in the session. In a Server Action or route handler it is refreshed when it is
   * due, and the cookie is set. In a page it is never refreshed: one that is due but still valid is returned as it is.
   *
   * @throws `auth/session_required`, `auth/tokens_missing`, `auth/tokens_unavailable`, `core/sessions_external`
   */
  getAccessToken(provider: ProviderName): Promise<string>
  /**
   * Changes the app's own data in the session, in a Server Action or route handler. Shallow: `undefined` removes a member,
   * absent leaves it.
   *
   * @throws `auth/session_required`, `core/cross_origin`, `core/session_too_large`, `core/sessions_external`; an error of
   * Next in a page, which can set no cookie
   */
  updateSession(data: SessionPatch): Promise<Session>
  /**
   * Makes a route handler that runs only for requests that meet the requirement; others are answered with a problem
   * document or, to a user who opens a page, a redirect. Only `params` is inferred from the handler: what the guard adds
   * is not Next's to give, and its route checker says so.
   *
   * @example export const GET = route({ session: { maxAuthAgeSeconds: 300 } }, (_request, { session }) => Response.json(session))
   * @throws `core/invalid_option`
   */
  route<const R extends Requirement, P extends RouteParams = RouteParams>(
    requirement: R & KnownMembers<R>,
    handler: GuardedHandler<R, P>,
  ): (request: NextRequest, context: { readonly params: Promise<P> }) => Promise<Response>
}

/**
 * Mounts an auth on Next.
 *
 * @param auth An auth, or what makes it: that runs with the first request, so that `next build` needs no secrets.
 * @throws `core/invalid_option`
 */
export function latchkey(auth: Auth | (() => Auth), options: LatchkeyOptions = {}): NextLatchkey {
  const { basePath = '' } = checkOptions('latchkey', options, {
    basePath: rule(
      'must be that of next.config, such as /docs',
      (value) => typeof value === 'string' && /^(?:\/[^/?#]+)*$/.test(value),
    ),
  })
  // Not shared between Next's bundles: two auths could not be told apart. What their copies must share, core does.
  let made: Auth | undefined
  const current = (): Auth => {
    if (made === undefined) {
      made = typeof auth === 'function' ? auth() : auth
      if (publishEvent !== null) addListener(made, 'node:diagnostics_channel', publishEvent)
    }
    return made
  }
  const guardedRequests = createAsyncStorage<GuardedRequest>()
  const context: CurrentSessionContext = { auth: current, guardedRequests, basePath }
  return {
    handlers: Object.freeze({
      GET: noAction((request: NextRequest) => answerRoutes(current(), request, basePath)),
      POST: noAction((request: NextRequest) => answerRoutes(current(), request, basePath)),
      OPTIONS: noAction((request: NextRequest) => answerRoutes(current(), request, basePath)),
    }),
    proxy: noAction((request, next) => refreshInProxy(current(), request, next)),
    getSession: noAction(() => readCurrentSession(context)),
    requireSession: noAction((requirement = {}, options = {}) => requireCurrentSession(context, requirement, options)),
    getAccessToken: noAction((provider) => getCurrentAccessToken(context, provider)),
    updateSession: noAction((data) => updateCurrentSession(context, data)),
    route: noAction((requirement, handler) => {
      checkRouteRequirement(requirement)
      return noAction((request, { params }) =>
        guardRoute(current(), request, { requirement, handler, params, guardedRequests, basePath }),
      )
    }),
  }
}

/** Next marks what a `use server` module exports; a frozen function cannot be marked, so no browser may ever call it. */
function noAction<F extends (...parameters: never[]) => unknown>(run: F): F {
  return Object.freeze(run)
}
