import type { Awaitable, Session } from '@latchkey/core'
import type { RouteContext } from '@latchkey/core/provider'
import { winkError } from '../model/errors.ts'

/** How users sign in: our back end runs the login, or Wink's browser SDK does. */
export type WinkFlow = 'server' | 'browser'

/** A login that is about to create a Wink session. */
export interface WinkLoginAttempt {
  readonly flow: WinkFlow
  readonly session: Session | null
  /** The framework's own request. */
  readonly frameworkRequest: unknown
}

/** See `WinkProviderOptions.mayStartLogin`. */
export type MayStartLogin = (attempt: WinkLoginAttempt) => Awaitable<boolean>

/**
 * Asks the app before a Wink session is created.
 *
 * @throws `wink/too_many_logins`
 */
export async function requirePermission(
  mayStartLogin: MayStartLogin,
  flow: WinkFlow,
  { session, frameworkRequest }: RouteContext,
): Promise<void> {
  if ((await mayStartLogin({ flow, session, frameworkRequest })) !== true) throw winkError('wink/too_many_logins')
}
