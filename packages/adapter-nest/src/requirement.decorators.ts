import type { BearerRequirement, SessionRequirement } from '@latchkey/core/adapter'
import { invalidOption } from '@latchkey/core/provider'
import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common'
import { RefusalFilter } from './refusal.filter.ts'
import { guardFor, type Requirement } from './requirement.guard.ts'

type GuardDecorator = ClassDecorator & MethodDecorator

/**
 * Lets a request reach a handler, or the handlers of a class, only with a session that meets the requirement. It brings
 * its own guard; where a class and a method have one, or several stand on one handler, all must hold.
 *
 * @param name The instance that is asked; without it the one without a name.
 * @example @RequireSession({ maxAuthAgeSeconds: 300 })
 */
export function RequireSession(requirement: SessionRequirement = {}, name?: string): GuardDecorator {
  return guarded(arguments, {
    name,
    ask: (auth, incoming, options) => auth.requireSession(incoming, requirement, options),
  })
}

/** Lets a request pass only with an access token that meets the requirement; else as {@link RequireSession}. */
export function RequireBearer(requirement: BearerRequirement = {}, name?: string): GuardDecorator {
  return guarded(arguments, { name, ask: (auth, incoming) => auth.requireBearer(incoming, requirement) })
}

/** Lets a request pass with a token if it presents one, else with a session; as the two others do. */
export function RequireEither(
  requirement: { readonly session: SessionRequirement; readonly bearer: BearerRequirement },
  name?: string,
): GuardDecorator {
  return guarded(arguments, { name, ask: (auth, incoming) => auth.requireSessionOrBearer(incoming, requirement) })
}

/** Reads the session of a request for `@CurrentSession()`, if there is one, and requires nothing. */
export function OptionalSession(name?: string): GuardDecorator {
  return guarded(arguments, { name, ask: (auth, incoming, options) => auth.getSession(incoming, options) })
}

function guarded(given: IArguments, requirement: Requirement): GuardDecorator {
  // Without its parentheses on a method, a decorator would return a decorator that nobody calls.
  if (given.length > 2) throw invalidOption('@latchkey/adapter-nest', String(given[1]), 'has a decorator without ()')
  return applyDecorators(UseGuards(guardFor(requirement)), UseFilters(new RefusalFilter()))
}
