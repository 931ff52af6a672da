import {
  type Auth,
  type Authenticated,
  type AuthenticatedBearer,
  type AuthenticatedSession,
  type BearerRequirement,
  checkBearerRequirementEarly,
  checkRequirement,
  checkSessionRequirementEarly,
  createRequestScope,
  type HeaderEntries,
  invalidOption,
  isAuthError,
  option,
  type RequestLike,
  type SessionRequirement,
} from '@latchkey/core/adapter'
import type { NextRequest } from 'next/server.js'
import type { GuardedRequest, GuardedRequests } from './guarded-request.ts'
import { askedAgain } from './refreshed-request.ts'
import { wholeUrl } from './request-source.ts'
import { withHeaders } from './response-headers.ts'
import { answerThrown } from './thrown-answer.ts'

/** What `route` requires: a session, an access token, or with both of them either. */
export type Requirement =
  | { readonly session: SessionRequirement; readonly bearer?: undefined }
  | { readonly bearer: BearerRequirement; readonly session?: undefined }
  | { readonly session: SessionRequirement; readonly bearer: BearerRequirement }

/** Has no value for a member that no requirement knows: it would be without effect. */
export type KnownMembers<R> = {
  readonly [Kind in keyof R]: Kind extends keyof RequirementMembers
    ? KnownMembersOf<R[Kind], RequirementMembers[Kind]>
    : never
}

/** The same for the members of one requirement. */
export type KnownMembersOf<Given, Members> = Given extends undefined
  ? Given
  : { readonly [Name in keyof Given]: Name extends keyof Members ? Given[Name] : never }

/** What each kind of requirement may hold. */
export interface RequirementMembers {
  /** What a session must have. */
  readonly session: SessionRequirement
  /** What an access token must have. */
  readonly bearer: BearerRequirement
}

/** What a handler is given by each kind of requirement; `kind` of `auth` says which of the two it was. */
export type Granted<R extends Requirement> = R extends {
  readonly session: SessionRequirement
  readonly bearer: BearerRequirement
}
  ? { readonly auth: Authenticated }
  : R extends { readonly session: SessionRequirement }
    ? Pick<AuthenticatedSession, 'session'>
    : Pick<AuthenticatedBearer, 'bearer'>

/** The parameters of a route, by the names of its dynamic segments. */
export type RouteParams = Record<string, string | string[] | undefined>

/** A route handler behind a requirement. */
export type GuardedHandler<R extends Requirement, P extends RouteParams> = (
  request: NextRequest,
  context: { readonly params: Promise<P> } & Granted<R>,
) => Response | Promise<Response>

/**
 * Refuses a requirement that requires nothing, or that has a member which is bad, not known or `undefined`. Only a provider
 * that is not installed is refused by the first request: before it there is no auth.
 *
 * @throws `core/invalid_option`
 */
export function checkRouteRequirement(given: Requirement): void {
  // Only now it is known whether both are there.
  const { session, bearer } = checkRequirement<Partial<RequirementMembers>>('route', given as RequirementMembers, {
    session: option.object,
    bearer: option.object,
  })
  if (session === undefined && bearer === undefined) {
    throw invalidOption('route', 'requirement', 'must have `session`, `bearer` or both')
  }
  if (session !== undefined) checkSessionRequirementEarly(session)
  if (bearer !== undefined) checkBearerRequirementEarly(bearer)
}

/** Lets a request that meets the requirement pass to the handler, and answers any other. */
export async function guardRoute<R extends Requirement, P extends RouteParams>(
  auth: Auth,
  request: NextRequest,
  route: {
    readonly requirement: R
    readonly handler: GuardedHandler<R, P>
    readonly params: Promise<P>
    readonly guardedRequests: GuardedRequests
    /** Of `next.config`. */
    readonly basePath: string
  },
): Promise<Response> {
  const again = askedAgain(request)
  if (again !== null) return again
  const { method, headers } = request
  const asked = { method, url: wholeUrl(request, route.basePath), headers }
  const guarded: GuardedRequest = { scope: createRequestScope(asked), isOpen: true }
  // Only when the handler is done: what ended while it ran is not written back.
  const close = (): HeaderEntries => {
    guarded.isOpen = false
    return guarded.scope.headers()
  }
  try {
    const authenticated = await guarded.scope.call((current) => authenticate(auth, current, route.requirement))
    // What is granted is of the kind that is required.
    const granted = grantedBy(authenticated, route.requirement) as Granted<R>
    const run = async (): Promise<Response> => route.handler(request, { params: route.params, ...granted })
    return withHeaders(await route.guardedRequests.run(guarded, run), close())
  } catch (error) {
    const due = close()
    if (isAuthError(error)) return withHeaders(auth.errorResponse(error, asked), due)
    return answerThrown(error, due)
  }
}

function authenticate(auth: Auth, request: RequestLike, { session, bearer }: Requirement): Promise<Authenticated> {
  if (bearer === undefined) return auth.requireSession(request, session)
  return session === undefined
    ? auth.requireBearer(request, bearer)
    : auth.requireSessionOrBearer(request, { session, bearer })
}

function grantedBy(authenticated: Authenticated, { session, bearer }: Requirement): Granted<Requirement> {
  if (session !== undefined && bearer !== undefined) return { auth: authenticated }
  return authenticated.kind === 'session' ? { session: authenticated.session } : { bearer: authenticated.bearer }
}
