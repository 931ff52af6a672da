import { notMounted, type Session } from '@latchkey/core/adapter'
import type { ExecutionContext } from '@nestjs/common'
import { keptOf, type Passed } from './kept-request.ts'
import { type AnyRequest, exchangeOf } from './platform.ts'

/** Remembers what the guards of an instance found; what several found is put together. */
export function rememberPassed(request: AnyRequest, name: string | undefined, found: Passed): void {
  const kept = keptOf(request)
  kept.passed ??= new Map()
  const before = kept.passed.get(name)
  kept.passed.set(name, before === undefined ? found : { ...before, ...found })
}

/** Puts a session that has been changed in the place of the one that a guard let pass, if one did. */
export function rememberChanged(request: AnyRequest, name: string | undefined, session: Session): void {
  const { session: before, auth } = findPassed(request, name) ?? {}
  if (before === undefined || before === null) return
  rememberPassed(request, name, { session, ...(auth?.kind === 'session' && { auth: { ...auth, session } }) })
}

/** What the guards of an instance found so far, if one ran. */
export function findPassed(request: AnyRequest, name: string | undefined): Passed | undefined {
  return keptOf(request).passed?.get(name)
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
