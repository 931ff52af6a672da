import type { Awaitable, FrameworkRequest, Session } from '@latchkey/core'
import type { RouteContext } from '@latchkey/core/provider'
import { winkError } from '../model/errors.ts'

/** How users sign in: our back end runs the login, or Wink's browser SDK does. */
export type WinkFlow = 'server' | 'browser'

/** A login that is about to create a Wink session. */
export interface WinkLoginAttempt {
  readonly flow: WinkFlow
  readonly session: Session | null
  readonly frameworkRequest: FrameworkRequest
}

/** See `WinkRouteOptions.allowLogin`. */
export type AllowLogin = (attempt: WinkLoginAttempt) => Awaitable<boolean>

/**
 * Asks the app before a Wink session is created.
 *
 * @throws `wink/too_many_logins`
 */
export async function requirePermission(
  allowLogin: AllowLogin,
  flow: WinkFlow,
  { session, frameworkRequest }: RouteContext,
): Promise<void> {
  if ((await allowLogin({ flow, session, frameworkRequest })) !== true) throw winkError('wink/too_many_logins')
}
