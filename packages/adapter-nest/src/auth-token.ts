import { Inject } from '@nestjs/common'
import { LatchkeyService } from './latchkey.service.ts'

/** Decorates what is injected: a parameter of a constructor, or a property. */
export type Injected = ParameterDecorator & PropertyDecorator

/**
 * The injection token of an auth, for `inject` lists and `overrideProvider`.
 *
 * @param name The name that the instance was given; none for the one without a name.
 */
export function authToken(name?: string): symbol {
  return registered('auth', name)
}

/** The injection token of a {@link LatchkeyService}: that of the instance without a name is the class itself. */
export function latchkeyToken(name?: string): symbol | typeof LatchkeyService {
  return name === undefined ? LatchkeyService : registered('service', name)
}

/** Injects an auth: `constructor(@InjectAuth() auth: Auth)`. */
export function InjectAuth(name?: string): Injected {
  return Inject(authToken(name))
}

/** Injects the service of an instance: `constructor(@InjectLatchkey() latchkey: LatchkeyService)`. */
export function InjectLatchkey(name?: string): Injected {
  return Inject(latchkeyToken(name))
}

function registered(what: string, name: string | undefined): symbol {
  // Of the registry, so that two copies of this package agree.
  return Symbol.for(`latchkey.nest.${what}${name === undefined ? '' : `.${name}`}`)
}
