import { type Auth, createRequestState, invalidOption, notMounted, type ProviderName } from '@latchkey/core/adapter'
import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  type Type,
  UseFilters,
  UseGuards,
} from '@nestjs/common'
import { askAuth } from './ask-auth.ts'
import { authToken } from './auth-token.ts'
import { findPassed } from './passed-requests.ts'
import { exchangeOf, rawRequest } from './platform.ts'
import { orRefuse, RefusalFilter } from './refusal.filter.ts'

interface Wanted {
  readonly provider: ProviderName
  readonly name: string | undefined
}

/** The auths that the parameters of a request ask: Nest injects nothing into a parameter. */
const auths = createRequestState<Map<string | undefined, Auth>>('nest.auths')

const accessToken = createParamDecorator(async ({ provider, name }: Wanted, context: ExecutionContext) => {
  const exchange = exchangeOf(context)
  const auth = auths.get(rawRequest(exchange.request))?.get(name)
  // A method that overrides the decorated one: it has the parameter, and not the guard.
  if (auth === undefined) throw notMounted()
  return orRefuse(exchange, auth, async () => {
    // No guard asked for a session: then this does, so that no page of another site uses the token.
    if (findPassed(exchange.request, name)?.session === undefined) {
      await askAuth(exchange, (request, options) => auth.requireSession(request, {}, options))
    }
    const answer = await askAuth(exchange, (request, options) => auth.getAccessToken(request, provider, options))
    return answer.accessToken
  })
})

/**
 * The access token of a provider in the session, as a string, refreshed when it is due. It needs no guard beside it:
 * without a session the request is refused with `auth/session_required`, without a token with `auth/tokens_missing`, and
 * with `auth/tokens_unavailable` where one has expired and cannot be refreshed.
 *
 * @example list(@AccessToken('acme') accessToken: string) {}
 */
export function AccessToken(provider: ProviderName, name?: string): ParameterDecorator {
  return (target, method, index) => {
    const handler = method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method)
    if (method === undefined || handler === undefined) {
      throw invalidOption('AccessToken', 'target', 'must be a parameter of a handler')
    }
    UseGuards(guardFor(name))(target, method, handler)
    UseFilters(new RefusalFilter())(target, method, handler)
    accessToken({ provider, name })(target, method, index)
  }
}

/** Makes a guard that lets everyone pass and remembers the auth for the parameter. */
function guardFor(name: string | undefined): Type<CanActivate> {
  @Injectable()
  class AccessTokenGuard implements CanActivate {
    private readonly auth: Auth

    constructor(@Inject(authToken(name)) auth: Auth) {
      this.auth = auth
    }

    canActivate(context: ExecutionContext): true {
      const key = rawRequest(exchangeOf(context).request)
      auths.set(key, (auths.get(key) ?? new Map<string | undefined, Auth>()).set(name, this.auth))
      return true
    }
  }
  return AccessTokenGuard
}
