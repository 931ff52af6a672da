import {
  AuthError,
  type AuthProvider,
  type Awaitable,
  checkOptions,
  invalidOption,
  type RouteContext,
  type Session,
} from '@latchkey/core/provider'
import { isAllowedPath, isPathPattern } from './allowed-paths.ts'
import { wiseError } from './errors.ts'
import { leavePage } from './leave-page.ts'
import type { WiseClient } from './wise-sso.ts'
import type { WiseUser } from './wise-user.ts'

/** What {@link wiseProvider} takes. */
export interface WiseProviderOptions {
  /** The signer, from `createWiseClient`. */
  readonly sso: WiseClient
  /**
   * Says who the signed-in user is in Wise, or null for no access. `frameworkRequest` is the framework's own request, for apps
   * with sessions of their own. Nothing else of the request decides.
   */
  resolveUser(context: { readonly session: Session | null; readonly frameworkRequest: unknown }): Awaitable<WiseUser | null>
  /**
   * Pages of Wise that the `path` field may name: exact, or with `:id` segments, each of which holds one segment of
   * letters, digits and `-._~`. None by default.
   */
  readonly paths?: readonly string[]
  /**
   * How the browser goes to Wise: by a 303 (`redirect`, the default), or by a page of our own that refreshes (`page`),
   * for apps whose CSP `form-action` cannot list Wise.
   */
  readonly redirectBy?: 'redirect' | 'page'
}

/**
 * Makes the provider with one route, `POST {basePath}/wise/launch`: it sends the signed-in user to Wise. The optional
 * field `path` opens another page there than the home page.
 *
 * The route refuses with `auth/session_required`, `wise/user_unknown`, `wise/path_not_allowed`, or with an error of
 * `createRedirectUrl`.
 *
 * @throws `core/invalid_option`
 */
export function wiseProvider(options: WiseProviderOptions): AuthProvider<'wise'> {
  const { sso, paths, redirectBy } = readOptions(options)

  const launch = async (context: RouteContext): Promise<Response> => {
    const { session, frameworkRequest } = context
    const user = await options.resolveUser({ session, frameworkRequest })
    if (!user) throw session === null ? sessionRequired() : wiseError('wise/user_unknown')
    const path = (await context.fields()).get('path')
    if (path === undefined) return leave(await sso.createRedirectUrl(user), redirectBy)
    if (!isAllowedPath(path, paths)) throw wiseError('wise/path_not_allowed')
    return leave(await sso.createRedirectUrl(user, { path }), redirectBy)
  }

  return {
    name: 'wise',
    mount: () => ({
      routes: [{ method: 'POST', path: '/launch', accepts: 'same-origin', handle: (_request, context) => launch(context) }],
      formActionOrigins: () => (redirectBy === 'page' ? [] : [sso.origin]),
    }),
  }
}

function leave(url: string, redirectBy: 'redirect' | 'page'): Response {
  const response = redirectBy === 'page' ? leavePage(url) : new Response(null, { status: 303, headers: { location: url } })
  response.headers.set('cache-control', 'no-store')
  response.headers.set('pragma', 'no-cache')
  response.headers.set('referrer-policy', 'no-referrer')
  response.headers.set('x-content-type-options', 'nosniff')
  return response
}

function sessionRequired(): AuthError {
  return new AuthError('auth/session_required', {
    status: 401,
    message: 'You are not signed in.',
    hint: 'Send the user to the sign-in page. `resolveUser` gave null, and there is no session.',
  })
}

function readOptions(options: WiseProviderOptions): Required<Omit<WiseProviderOptions, 'resolveUser'>> {
  const factory = 'wiseProvider'
  checkOptions(factory, options, ['sso', 'resolveUser', 'paths', 'redirectBy'])
  const { sso, paths = [], redirectBy = 'redirect' } = options
  if (!isWiseSso(sso)) throw invalidOption(factory, 'sso', 'must be made by createWiseClient')
  if (typeof options.resolveUser !== 'function') throw invalidOption(factory, 'resolveUser', 'must be a function')
  if (!isPathList(paths)) {
    throw invalidOption(factory, 'paths', 'must be a list of root-relative paths, such as /student/classes/:id')
  }
  if (!waysToLeave.includes(redirectBy)) throw invalidOption(factory, 'redirectBy', 'must be "redirect" or "page"')
  return { sso, paths: [...paths], redirectBy }
}

const waysToLeave: readonly string[] = ['redirect', 'page']

function isWiseSso(value: unknown): value is WiseClient {
  return typeof value === 'object' && value !== null && 'createRedirectUrl' in value && 'origin' in value
}

function isPathList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((path) => typeof path === 'string' && isPathPattern(path))
}
