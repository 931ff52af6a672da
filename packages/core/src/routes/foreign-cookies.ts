import type { AuthContext } from '../context/auth-context.ts'
import type { RequestSession } from '../context/request-session.ts'

/** Expires what the scripts of one provider's vendor have left in this browser; see `MountedProvider.foreignCookies`. */
export function expireForeignCookies(context: AuthContext, { cookies }: RequestSession, provider: string): void {
  for (const name of context.providers.get(provider)?.foreignCookies ?? []) {
    if (cookies.sent.namesWith(name).includes(name)) cookies.response.expire(name)
  }
}
