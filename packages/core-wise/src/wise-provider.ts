import type { Awaitable, FrameworkRequest, Session } from '@latchkey/core'
import {
  AuthError,
  type AuthProvider,
  type ClientOr,
  checkOptions,
  clientOf,
  type OptionRules,
  option,
  optionalRules,
  type RouteContext,
  required,
  rule,
} from '@latchkey/core/provider'
import { isAllowedPath, isPathPattern } from './allowed-paths.ts'
import { wiseError } from './errors.ts'
import { redirectPage } from './redirect-page.ts'
import { createWiseClient, type WiseClient, type WiseClientOptions, wiseClientRules } from './wise-client.ts'
import type { WiseUser } from './wise-user.ts'

declare module '@latchkey/core' {
  interface Identities {
    /** Wise signs nobody in. */
    wise: never
  }
}

/** What the route of {@link wiseProvider} takes. */
export interface WiseRouteOptions {
  /**
   * Says who the signed-in user is in Wise, or null for no access. `frameworkRequest` is the framework's own request,
   * for apps with sessions of their own. Nothing else of the request decides.
   */
  resolveUser(context: {
    readonly session: Session | null
    readonly frameworkRequest: FrameworkRequest
  }): Awaitable<WiseUser | null>
  /**
   * Pages of Wise that the `path` field may name: exact, or with `:id` segments, each of which holds one segment of
   * letters, digits and `-._~`. None by default. `/meeting/join/:id` joins a live session; as in Wise's guide it goes
   * without `current_role`.
   */
  readonly paths?: readonly string[] | undefined
  /**
   * How the browser gets to Wise: by a 303 (`response`, the default), or by a page of our own that refreshes (`page`),
   * for apps whose CSP `form-action` cannot list Wise.
   */
  readonly redirectBy?: 'response' | 'page' | undefined
}

/** What {@link wiseProvider} takes: the options of its route, and those of `createWiseClient` or a `client` made by it. */
export type WiseProviderOptions = WiseRouteOptions & ClientOr<WiseClientOptions, WiseClient>

/**
 * Makes the provider with one route, `POST {basePath}/wise/launch`: it sends the signed-in user to Wise. The optional
 * field `path` opens another page there than the home page.
 *
 * The route refuses with `auth/session_required`, `wise/user_unknown`, `wise/path_not_allowed`, or with an error of
 * `createRedirectUrl`.
 *
 * @throws `core/invalid_option`, also for a `client` beside options of a client; `wise/runs_in_browser`
 */
export function wiseProvider(options: WiseProviderOptions): AuthProvider<'wise'> {
  const {
    resolveUser,
    paths = [],
    redirectBy = 'response',
    ...clientOrOptions
  } = checkOptions(factory, options, providerRules)
  const client = clientOf<WiseClientOptions, WiseClient>(factory, clientOrOptions, createWiseClient)
  const allowedPaths = new Set(paths)
  const patterns = paths.filter((path) => path.includes('/:'))

  const launch = async (context: RouteContext): Promise<Response> => {
    const { session, frameworkRequest } = context
    const user = await resolveUser({ session, frameworkRequest })
    if (!user) throw session === null ? sessionRequired() : wiseError('wise/user_unknown')
    const path = (await context.fields()).get('path')
    if (path !== undefined && !allowedPaths.has(path) && !isAllowedPath(path, patterns))
      throw wiseError('wise/path_not_allowed')
    const url = await client.createRedirectUrl(user, { path, currentRole: path === undefined || takesRole(path) })
    return launchResponse(url, redirectBy)
  }

  return {
    name: 'wise',
    mount: () => ({
      accountIssuers: [],
      routes: [
        { method: 'POST', path: '/launch', accepts: 'same-origin', handle: (_request, context) => launch(context) },
      ],
      formActionOrigins: () => (redirectBy === 'page' ? [] : [client.origin]),
    }),
  }
}

const factory = 'wiseProvider'

/** Wise's own guide sends learners to a live session without `current_role`. */
function takesRole(path: string): boolean {
  return !isAllowedPath(path, ['/meeting/join/:id'])
}

const providerRules: OptionRules<WiseProviderOptions> = {
  client: rule('must be made by createWiseClient', isWiseClient),
  ...optionalRules(wiseClientRules),
  resolveUser: required(option.function),
  paths: option.list(
    rule(
      'must be a root-relative path, such as /student/classes/:id',
      (path) => typeof path === 'string' && isPathPattern(path),
    ),
  ),
  redirectBy: option.oneOf(['response', 'page']),
}

function isWiseClient(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'createRedirectUrl' in value && 'origin' in value
}

function launchResponse(url: string, redirectBy: 'response' | 'page'): Response {
  const response =
    redirectBy === 'page' ? redirectPage(url) : new Response(null, { status: 303, headers: { location: url } })
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
