import {
  type Auth,
  type Authenticated,
  type AuthenticatedSession,
  type BearerRequirement,
  checkBearerChoice,
  type Session,
  type SessionResult,
} from '@latchkey/core/adapter'
import { type CanActivate, type ExecutionContext, Inject, Injectable, type Type } from '@nestjs/common'
import { askAuth, type Question } from './ask-auth.ts'
import { authToken } from './auth-token.ts'
import type { Passed } from './kept-request.ts'
import { rememberPassed } from './passed-requests.ts'
import { exchangeOf } from './platform.ts'
import { orRefuse } from './refusal.filter.ts'

/** Asks an auth about a request, and throws where it may not pass. */
export interface Requirement {
  ask(auth: Auth, ...question: Parameters<Question<Authenticated>>): Promise<Authenticated | SessionResult>
  /** What it asks of an access token, if it takes one. */
  readonly bearer?: BearerRequirement
  /** The instance that is asked. */
  readonly name: string | undefined
}

/**
 * Makes a guard for one requirement, so that those of a class and of a method cannot replace each other. Nest makes its
 * instance at the start of the app.
 */
export function guardFor(requirement: Requirement): Type<CanActivate> {
  @Injectable()
  class RequirementGuard implements CanActivate {
    private readonly auth: Auth

    constructor(@Inject(authToken(requirement.name)) auth: Auth) {
      checkBearerChoice(auth, requirement.bearer)
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
  const exchange = exchangeOf(context)
  const answer = await orRefuse(exchange, auth, () =>
    askAuth(exchange, (request, options) => ask(auth, request, options)),
  )
  rememberPassed(exchange.request, name, passedBy(answer))
  return true
}

function passedBy(answer: Authenticated | SessionResult): Passed {
  if (!('kind' in answer)) {
    const { session } = answer
    return session === null ? { session } : { session, auth: new OptionalSessionAnswer(session, answer) }
  }
  return answer.kind === 'session' ? { session: answer.session, auth: answer } : { bearer: answer.bearer, auth: answer }
}

/** A session that was not required. Its headers are made when they are read. */
class OptionalSessionAnswer implements AuthenticatedSession {
  readonly kind = 'session'
  readonly session: Session
  readonly #answer: SessionResult

  constructor(session: Session, answer: SessionResult) {
    this.session = session
    this.#answer = answer
  }

  get headers(): AuthenticatedSession['headers'] {
    return this.#answer.headers
  }
}
