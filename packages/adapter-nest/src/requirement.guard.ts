import { type Auth, type Grant, type RequestLike, isAuthError, type SessionResult } from '@latchkey/core/adapter'
import { type CanActivate, type ExecutionContext, Inject, Injectable, type Type } from '@nestjs/common'
import { authToken } from './auth-token.ts'
import { findPassed, rememberPassed } from './passed-requests.ts'
import { httpOf, rawResponse } from './platform.ts'
import { Refusal } from './refusal.filter.ts'
import { keepHeaders } from './response-headers.ts'
import { toIncoming } from './web-request.ts'

/** Asks an auth about a request, and throws where it may not pass. */
export interface Requirement {
  ask(auth: Auth, incoming: RequestLike, options: { readonly writable: boolean }): Promise<Grant | SessionResult>
  /** The instance that is asked. */
  readonly name: string | undefined
}

/** Makes a guard for one requirement, so that those of a class and of a method cannot replace each other. */
export function guardFor(requirement: Requirement): Type<CanActivate> {
  @Injectable()
  class RequirementGuard implements CanActivate {
    private readonly auth: Auth

    constructor(@Inject(authToken(requirement.name)) auth: Auth) {
      this.auth = auth
    }

    canActivate(context: ExecutionContext): Promise<boolean> {
      return letPass(context, this.auth, requirement)
    }
  }
  return RequirementGuard
}

/**
 * Lets a request pass that meets the requirement.
 *
 * @throws Refusal, `nest/http_only`
 */
export async function letPass(context: ExecutionContext, auth: Auth, { ask, name }: Requirement): Promise<true> {
  const { request, response } = httpOf(context)
  const incoming = toIncoming(request)
  try {
    // Whoever reads the session first refreshes it: two refreshes would write two cookies.
    const writable = findPassed(request, name)?.session === undefined
    const grant = await ask(auth, incoming, { writable })
    rememberPassed(request, name, 'bearer' in grant ? { bearer: grant.bearer } : { session: grant.session })
    keepHeaders(rawResponse(response), grant)
    return true
  } catch (error) {
    if (!isAuthError(error)) throw error
    const answer = auth.errorResponse(error, incoming)
    // For a filter of the app that answers in place of ours, in a format of its own.
    keepHeaders(rawResponse(response), { headers: [...answer.headers].filter(([header]) => header !== 'content-type') })
    throw await Refusal.of(answer, error)
  }
}
