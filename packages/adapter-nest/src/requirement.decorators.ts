import {
  type BearerRequirement,
  checkBearerRequirementEarly,
  checkOptions,
  checkSessionRequirementEarly,
  invalidOption,
  option,
  required,
  type SessionRequirement,
} from '@latchkey/core/adapter'
import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common'
import { RefusalFilter } from './refusal.filter.ts'
import { guardFor, type Requirement } from './requirement.guard.ts'

type GuardDecorator = ClassDecorator & MethodDecorator

/**
 * Lets a request reach a handler, or the handlers of a class, only with a session that meets the requirement. It brings
 * its own guard; where a class and a method have one, or several stand on one handler, all must hold.
 *
 * @param name The instance that is asked; without it the one without a name.
 * @throws `core/invalid_option` for a requirement that could not hold what it seems to say. A provider that is not installed
 * is found at the first request, which is refused.
 * @example @RequireSession({ maxAuthAgeSeconds: 300 })
 */
export function RequireSession(requirement: SessionRequirement = {}, name?: string): GuardDecorator {
  refuseUndefined('RequireSession', arguments)
  const checked = checkSessionRequirementEarly(requirement)
  return guarded(arguments, {
    name,
    ask: (auth, request, options) => auth.requireSession(request, checked, options),
  })
}

/**
 * Lets a request pass only with an access token that meets the requirement; else as {@link RequireSession}. Where several
 * providers verify tokens of one issuer, a requirement that names none of them is refused at the start of the app.
 */
export function RequireBearer(requirement: BearerRequirement = {}, name?: string): GuardDecorator {
  refuseUndefined('RequireBearer', arguments)
  const checked = checkBearerRequirementEarly(requirement)
  return guarded(arguments, { name, bearer: checked, ask: (auth, request) => auth.requireBearer(request, checked) })
}

/** Lets a request pass with a token if it presents one, else with a session; as the two others do. */
export function RequireSessionOrBearer(
  requirement: { readonly session: SessionRequirement; readonly bearer: BearerRequirement },
  name?: string,
): GuardDecorator {
  const { session, bearer } = checkOptions('RequireSessionOrBearer', requirement, {
    session: required(option.object),
    bearer: required(option.object),
  })
  const checked = { session: checkSessionRequirementEarly(session), bearer: checkBearerRequirementEarly(bearer) }
  return guarded(arguments, {
    name,
    bearer: checked.bearer,
    ask: (auth, request, options) => auth.requireSessionOrBearer(request, checked, options),
  })
}

/** Reads the session of a request for `@CurrentSession()`, if there is one, and requires nothing. */
export function OptionalSession(name?: string): GuardDecorator {
  return guarded(arguments, { name, ask: (auth, request, options) => auth.getSession(request, options) })
}

/** A requirement from a place that has none: taken for one that is left out, it would let every user pass. */
function refuseUndefined(decorator: string, given: IArguments): void {
  if (given.length > 0 && given[0] === undefined) {
    throw invalidOption(decorator, 'requirement', 'must not be undefined: leave it out, or give `{}`')
  }
}

function guarded(given: IArguments, requirement: Requirement): GuardDecorator {
  // Without its parentheses on a method, a decorator would return a decorator that nobody calls.
  if (given.length > 2) throw invalidOption('@latchkey/adapter-nest', String(given[1]), 'has a decorator without ()')
  return applyDecorators(UseGuards(guardFor(requirement)), UseFilters(new RefusalFilter()))
}
