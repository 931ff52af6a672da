import type { Auth } from '@latchkey/core/adapter'
import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common'
import { authToken } from './auth-token.ts'
import { letPass } from './requirement.guard.ts'

const publicKey = 'latchkey.nest.public'

/**
 * Takes a handler, or the handlers of a class, out of the global {@link LatchkeyGuard}. It opens nothing else: a
 * requirement of the handler or of its class holds all the same, and a class that extends this one is not public.
 */
export function Public(): ClassDecorator & MethodDecorator {
  return SetMetadata(publicKey, true)
}

/**
 * The global guard: every handler needs a session, but those that are `@Public()`.
 *
 * @example providers: [{ provide: APP_GUARD, useClass: LatchkeyGuard }]
 */
@Injectable()
export class LatchkeyGuard implements CanActivate {
  private readonly auth: Auth

  constructor(@Inject(authToken()) auth: Auth) {
    this.auth = auth
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (isPublic(context)) return true
    return letPass(context, this.auth, {
      name: undefined,
      ask: (auth, request, options) => auth.requireSession(request, undefined, options),
    })
  }
}

function isPublic(context: ExecutionContext): boolean {
  return [context.getHandler(), context.getClass()].some((target) => Reflect.getOwnMetadata(publicKey, target) === true)
}
