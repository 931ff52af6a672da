import type { Auth } from '@latchkey/core'
import { userKey } from './user.ts'

/** What the sign-out form posts to, to end the user's other sessions too. */
export const signOutEverywherePath = '/auth/logout?everywhere=yes'

/** Lets the sign-out of an auth end every session of the user, in this browser and in others. */
export function withSignOutEverywhere(auth: Auth): Auth {
  return {
    ...auth,
    async handle(request, extra) {
      const { pathname, search } = new URL(request.url)
      if (pathname + search !== signOutEverywherePath) return auth.handle(request, extra)
      const { session } = await auth.getSession(request, { readOnly: true })
      const response = await auth.handle(request, extra)
      // A request that was refused, because another site sent it, ends nothing.
      if (response.status < 400) {
        for (const identity of Object.values(session?.identities ?? {})) await auth.revokeSessions(userKey(identity))
      }
      return response
    },
  }
}
