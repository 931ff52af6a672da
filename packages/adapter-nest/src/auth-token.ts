import { Inject } from '@nestjs/common'

/**
 * The injection token of an auth, for `inject` lists and `overrideProvider`.
 *
 * @param name The name that the instance was given; none for the one without a name.
 */
export function authToken(name?: string): symbol {
  // Of the registry, so that two copies of this package agree.
  return Symbol.for(`latchkey.nest.auth${name === undefined ? '' : `.${name}`}`)
}

/** Injects an auth: `constructor(@InjectAuth() auth: Auth)`. */
export function InjectAuth(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(authToken(name))
}
