import type { Auth } from './auth.ts'
import { contextOf } from './context/auth-context.ts'
import { invalidOption } from './errors/options.ts'
import { type SessionEnd, type WatchOptions, watchSession as watch } from './guard/watch-session.ts'
import type { RequestLike } from './request/request-like.ts'

/**
 * Resolves when the session of an upgrade or a stream has ended, or no longer meets the requirement; at once where it does
 * not now. It reads the session that the request had at first, and never refreshes, prolongs or writes. With
 * `strategy: 'cookie'` it knows what ended in this process, what a store says of revocations, and the absolute end.
 *
 * @param options `signal`: aborted when the connection is closed.
 * @throws `core/invalid_option`, `core/sessions_external`
 */
export async function watchSession(
  auth: Auth,
  request: RequestLike,
  options: WatchOptions & { readonly signal?: AbortSignal } = {},
): Promise<SessionEnd> {
  const context = contextOf(auth)
  if (context === undefined) throw invalidOption('watchSession', 'auth', 'must come from createAuth')
  return watch(context, request, options)
}
