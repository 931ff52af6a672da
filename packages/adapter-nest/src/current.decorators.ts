import type { ProviderName } from '@latchkey/core'
import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import { passedOf } from './passed-requests.ts'

const sessionOf = createParamDecorator(
  (name: string | undefined, context: ExecutionContext) => passedOf(context, name).session ?? null,
)

const bearerOf = createParamDecorator(
  (name: string | undefined, context: ExecutionContext) => passedOf(context, name).bearer ?? null,
)

const identityOf = createParamDecorator(
  (
    { provider, name }: { readonly provider: ProviderName; readonly name: string | undefined },
    context: ExecutionContext,
  ) => passedOf(context, name).session?.identities[provider] ?? null,
)

/**
 * The `Session` that a guard let pass; null where `@OptionalSession()` found none, or a token was let pass.
 *
 * Without a guard, the request fails with `core/not_mounted`.
 */
export function CurrentSession(name?: string): ParameterDecorator {
  return sessionOf(name)
}

/** The identity of a provider in the session that a guard let pass; null where there is none. */
export function CurrentIdentity(provider: ProviderName, name?: string): ParameterDecorator {
  return identityOf({ provider, name })
}

/** The `BearerToken` of the token that a guard let pass; null where a session was let pass. */
export function CurrentBearer(name?: string): ParameterDecorator {
  return bearerOf(name)
}
