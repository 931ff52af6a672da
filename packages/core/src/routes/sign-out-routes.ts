import type { AuthContext } from '../context/auth-context.ts'
import type { MountedRoute } from './route-table.ts'
import { continueSignOut, nextPathOf, signOut } from './sign-out.ts'
import { readSignOutRequest } from './sign-out-request.ts'

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
        return signOut(context, requestSession, await readSignOutRequest(request, body))
      },
    },
    {
      method: 'GET',
      path: nextPathOf(context),
      accepts: 'provider-callback',
      kind: 'logout_next',
      provider: null,
      readsSession: false,
      run: (_request, requestSession) => continueSignOut(context, requestSession),
    },
  ]
}
