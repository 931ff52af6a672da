import type { Auth, Session, SessionRequirement } from '@latchkey/core/adapter'
import { checkOptions, invalidOption } from '@latchkey/core/provider'
import type { NextRequest, NextResponse } from 'next/server'
import { answerRoutes } from './handlers.ts'
import { type RequireSessionOptions, readRenderedSession, requireRenderedSession } from './rendered-session.ts'
import { type NextProxy, refreshInProxy } from './refresh-in-proxy.ts'
import { checkRequirement, type GuardedHandler, guardRoute, type Requirement, type Requirements } from './route.ts'

/** Options of {@link latchkey}. */
export interface NextAuthOptions {
  /** The `basePath` of `next.config`, if it has one: Next hides it from route handlers. The auth's own begins with it. */
  readonly basePath?: `/${string}`
}

/** An auth as the parts of a Next app use it. Each may be taken out on its own. */
export interface NextAuth {
  /** For `app/auth/[...path]/route.ts`: `export const { GET, POST } = handlers`. */
  readonly handlers: {
    readonly GET: (request: NextRequest) => Promise<Response>
    readonly POST: (request: NextRequest) => Promise<Response>
  }
  /**
   * For `proxy.ts`: refreshes the session when a user opens a page, and lets the page see it refreshed. It protects nothing:
   * that is for `requireSession` and `route`.
   *
   * @param next The app's own proxy. Its response goes on with its headers and cookies.
   */
  proxy(request: NextRequest, next?: NextProxy): Promise<NextResponse>
  /** The session of the page or Server Action that runs, or null. It makes a page dynamic. */
  getSession(): Promise<Session | null>
  /**
   * The session of the page or Server Action that runs. Without one that meets the requirement it redirects to
   * `pages.signIn` or `pages.error`. Call it in each page and action: a layout is not rendered again for each.
   *
   * @throws `auth/session_required`, `auth/step_up_required`, `auth/tenant_required`, `core/cross_origin` where there is
   * no page to redirect to
   */
  requireSession(requirement?: SessionRequirement, options?: RequireSessionOptions): Promise<Session>
  /**
   * A route handler that runs only for requests that meet the requirement; others are answered with a problem document
   * or, to a user who opens a page, a redirect.
   *
   * @example export const GET = route({ session: { maxAuthAgeSeconds: 300 } }, (request, { grant }) => Response.json(grant.session))
   * @throws `core/invalid_option`
   */
  route<Context, Kind extends keyof Requirements>(
    requirement: Requirement<Kind>,
    handler: GuardedHandler<Context, Kind>,
  ): (request: NextRequest, context: Omit<Context, 'grant'>) => Promise<Response>
}

/**
 * Mounts an auth on Next.
 *
 * @param auth An auth, or what makes it: that runs with the first request, so that `next build` needs no secrets.
 * @throws `core/invalid_option`
 */
export function latchkey(auth: Auth | (() => Auth), options: NextAuthOptions = {}): NextAuth {
  const { basePath = '' } = checkOptions('latchkey', options, ['basePath'])
  if (!/^(?:\/[^/?#]+)*$/.test(basePath)) {
    throw invalidOption('latchkey', 'basePath', 'must be that of next.config, such as /docs')
  }
  // Not shared between Next's bundles: two auths could not be told apart. What their copies must share, core does.
  let made: Auth | undefined
  const current = (): Auth => {
    made ??= typeof auth === 'function' ? auth() : auth
    return made
  }
  return {
    handlers: Object.freeze({
      GET: noAction((request: NextRequest) => answerRoutes(current(), request, basePath)),
      POST: noAction((request: NextRequest) => answerRoutes(current(), request, basePath)),
    }),
    proxy: noAction((request, next) => refreshInProxy(current(), request, next)),
    getSession: noAction(() => readRenderedSession(current)),
    requireSession: noAction((requirement = {}, options = {}) => requireRenderedSession(current, requirement, options)),
    route: noAction((requirement, handler) => {
      checkRequirement(requirement)
      return noAction((request, context) => guardRoute(current(), request, { requirement, handler, context, basePath }))
    }),
  }
}

/** Next marks what a `use server` module exports; a frozen function cannot be marked, so no browser may ever call it. */
function noAction<F extends (...parameters: never[]) => unknown>(run: F): F {
  return Object.freeze(run)
}
