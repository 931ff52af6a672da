import type { AuthContext } from '../context/auth-context.ts'
import { loadAnswering } from './load-answering.ts'
import { type MountedRoute, nextPath } from './route-table.ts'

/**
 * The two routes of sign-out. `POST /logout` ends our session always, then the vendors' sides of it; the vendors send the
 * browser back to `GET /logout/next`, which visits the next of them. With the field `everywhere=yes` every other session of
 * the user ends, too.
 */
export function signOutRoutes(context: AuthContext): readonly MountedRoute[] {
  return [
    {
      method: 'POST',
      path: `${context.basePath}/logout`,
      accepts: 'same-origin',
      kind: 'logout',
      provider: null,
      readsSession: false,
      isReadByTrustedPages: true,
      async run(request, requestSession, body) {
        const { readSignOutRequest, signOut } = await loadAnswering()
        return signOut(context, requestSession, await readSignOutRequest(request, body))
      },
    },
    {
      method: 'GET',
      path: `${context.basePath}${nextPath}`,
      accepts: 'provider-callback',
      kind: 'logout_next',
      provider: null,
      readsSession: false,
      async run(_request, requestSession) {
        const { continueSignOut } = await loadAnswering()
        return continueSignOut(context, requestSession)
      },
    },
  ]
}
