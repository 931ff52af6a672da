import {
  type Authenticated,
  type BearerToken,
  createRequestState,
  notMounted,
  type Session,
} from '@latchkey/core/adapter'
import type { ExecutionContext } from '@nestjs/common'
import { type AnyRequest, exchangeOf, rawRequest } from './platform.ts'

/** What the guards of an instance let pass: a member is undefined if no guard asked for it. */
export interface Passed {
  /** Null where `@OptionalSession()` found none. */
  readonly session?: Session | null
  readonly bearer?: BearerToken
  /** The last one that passed. */
  readonly auth?: Authenticated
}

const requests = createRequestState<Map<string | undefined, Passed>>('nest.passed')

/** Remembers what the guards of an instance found; what several found is put together. */
export function rememberPassed(request: AnyRequest, name: string | undefined, found: Passed): void {
  const key = rawRequest(request)
  const byName = requests.get(key) ?? new Map<string | undefined, Passed>()
  byName.set(name, { ...byName.get(name), ...found })
  requests.set(key, byName)
}

/** Puts a session that has been changed in the place of the one that a guard let pass, if one did. */
export function rememberChanged(request: AnyRequest, name: string | undefined, session: Session): void {
  const { session: before, auth } = findPassed(request, name) ?? {}
  if (before === undefined || before === null) return
  rememberPassed(request, name, { session, ...(auth?.kind === 'session' && { auth: { ...auth, session } }) })
}

/** What the guards of an instance found so far, if one ran. */
export function findPassed(request: AnyRequest, name: string | undefined): Passed | undefined {
  return requests.get(rawRequest(request))?.get(name)
}

/**
 * What the guards of an instance let pass.
 *
 * @throws `core/not_mounted` where none ran, `nest/http_only`
 */
export function passedOf(context: ExecutionContext, name: string | undefined): Passed {
  const passed = findPassed(exchangeOf(context).request, name)
  if (passed === undefined) throw notMounted()
  return passed
}
