import { type BearerToken, notMounted, type Session } from '@latchkey/core/adapter'
import type { ExecutionContext } from '@nestjs/common'
import { httpOf, type PlatformRequest } from './platform.ts'

/** What a guard found: it is undefined where no guard asked for it, and null where there is none. */
export interface Passed {
  readonly session?: Session | null
  readonly bearer?: BearerToken
}

const requests = new WeakMap<PlatformRequest, Map<string | undefined, Passed>>()

/** Remembers what the guards of an instance found; what several found is put together. */
export function rememberPassed(request: PlatformRequest, name: string | undefined, found: Passed): void {
  const byName = requests.get(request) ?? new Map<string | undefined, Passed>()
  byName.set(name, { ...byName.get(name), ...found })
  requests.set(request, byName)
}

/** What the guards of an instance found so far, if one ran. */
export function findPassed(request: PlatformRequest, name: string | undefined): Passed | undefined {
  return requests.get(request)?.get(name)
}

/**
 * What the guards of an instance let pass.
 *
 * @throws `core/not_mounted` where none ran, `nest/http_only`
 */
export function passedOf(context: ExecutionContext, name: string | undefined): Passed {
  const passed = findPassed(httpOf(context).request, name)
  if (passed === undefined) throw notMounted()
  return passed
}
