import type { ProviderName } from '@latchkey/core/adapter'
import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { Passed } from './kept-request.ts'
import { passedOf } from './passed-requests.ts'

interface Wanted {
  readonly name: string | undefined
  pick(passed: Passed): unknown
}

const picked = createParamDecorator(({ name, pick }: Wanted, context: ExecutionContext) =>
  pick(passedOf(context, name)),
)

/**
 * The `Session` that a guard let pass; null where `@OptionalSession()` found none, or a token was let pass.
 *
 * Without a guard, the request fails with `core/not_mounted`. So it does for each of these decorators.
 */
export function CurrentSession(name?: string): ParameterDecorator {
  return picked({ name, pick: ({ session }) => session ?? null })
}

/** The identity that the session began with (`session.user`); null where there is no session. */
export function CurrentUser(name?: string): ParameterDecorator {
  return picked({ name, pick: ({ session }) => session?.user ?? null })
}

/** The identity of a provider in the session that a guard let pass; null where there is none. */
export function CurrentIdentity(provider: ProviderName, name?: string): ParameterDecorator {
  return picked({ name, pick: ({ session }) => session?.identities[provider] ?? null })
}

/** The `BearerToken` of the token that a guard let pass; null where a session was let pass. */
export function CurrentBearer(name?: string): ParameterDecorator {
  return picked({ name, pick: ({ bearer }) => bearer ?? null })
}

/**
 * What a guard let pass, as `Authenticated`: its `kind` says whether it was a session or a token. Of several guards the
 * last one counts; null where `@OptionalSession()` found no session.
 */
export function CurrentAuth(name?: string): ParameterDecorator {
  return picked({ name, pick: ({ auth }) => auth ?? null })
}
