import {
  type Auth,
  type AuthenticatedBearer,
  type BearerRequirement,
  type Grant,
  type RequestLike,
  isAuthError,
  type AuthenticatedSession,
  type SessionRequirement,
} from '@latchkey/core/adapter'
import { checkOptions, invalidOption } from '@latchkey/core/provider'
import type { NextRequest } from 'next/server'
import { wholeUrl } from './request-source.ts'
import { keepCookies, withHeaders } from './response-headers.ts'

/** What `route` can require: a session, an access token, or either. */
export interface Requirements {
  readonly session: SessionRequirement
  readonly bearer: BearerRequirement
}

/** What `route` requires: `{ session }`, `{ bearer }`, or with both of them either. */
export type Requirement<Kind extends keyof Requirements = keyof Requirements> = {
  readonly [K in Kind]: Requirements[K]
} & (Pick<Requirements, 'session'> | Pick<Requirements, 'bearer'>)

/** What a handler is granted by each kind of requirement. */
export interface Grants {
  readonly session: AuthenticatedSession
  readonly bearer: AuthenticatedBearer
}

/** A route handler behind a requirement. */
export type GuardedHandler<Context, Kind extends keyof Requirements> = (
  request: NextRequest,
  context: Context & { readonly grant: Grants[Kind] },
) => Response | Promise<Response>

/**
 * Refuses a requirement that requires nothing.
 *
 * @throws `core/invalid_option`
 */
export function checkRequirement(requirement: Partial<Requirements>): void {
  const { session, bearer } = checkOptions('route', requirement, ['session', 'bearer'])
  if (session === undefined && bearer === undefined) {
    throw invalidOption('route', 'requirement', 'must have `session`, `bearer` or both')
  }
}

/** Lets a request that meets the requirement pass to the handler, and answers any other. */
export async function guardRoute<Context, Kind extends keyof Requirements>(
  auth: Auth,
  request: NextRequest,
  route: {
    readonly requirement: Requirement<Kind>
    readonly handler: GuardedHandler<Context, Kind>
    readonly context: Omit<Context, 'grant'>
    /** Of `next.config`. */
    readonly basePath: string
  },
): Promise<Response> {
  const { method, headers } = request
  const incoming = { method, url: wholeUrl(request, route.basePath), headers }
  let grant: Grant | undefined
  try {
    grant = await permit(auth, incoming, route.requirement)
    // What is granted is of the kind that is required.
    const context = { ...route.context, grant } as Context & { readonly grant: Grants[Kind] }
    return withHeaders(await route.handler(request, context), grant.headers)
  } catch (error) {
    if (isAuthError(error)) return withHeaders(auth.errorResponse(error, incoming), grant?.headers ?? [])
    // `redirect()` throws, and Next makes the response.
    if (grant !== undefined) await keepCookies(grant.headers)
    throw error
  }
}

function permit(auth: Auth, incoming: RequestLike, { session, bearer }: Partial<Requirements>): Promise<Grant> {
  if (bearer === undefined) return auth.requireSession(incoming, session)
  return session === undefined
    ? auth.requireBearer(incoming, bearer)
    : auth.requireSessionOrBearer(incoming, { session, bearer })
}
