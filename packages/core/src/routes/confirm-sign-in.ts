import type { AuthContext } from '../context/auth-context.ts'
import { loadAnswering } from './load-answering.ts'
import { confirmationPath, type MountedRoute } from './route-table.ts'

/**
 * `POST {basePath}/confirm`: the button of the page that asks whether a sign-in, which no page of ours began, may take the
 * place of another user's session. Then the app decides about it as about every other.
 */
export function confirmSignInRoute(context: AuthContext): MountedRoute {
  return {
    method: 'POST',
    path: `${context.basePath}${confirmationPath}`,
    accepts: 'same-origin',
    kind: 'confirm',
    provider: null,
    leadsFormsToPages: true,
    async run(request, requestSession, body) {
      const { confirmationField, finishSignIn, openConfirmed, readFields } = await loadAnswering()
      const fields = await readFields(request, body)
      const signIn = await openConfirmed(context, requestSession, fields.get(confirmationField) ?? '')
      return finishSignIn(context, requestSession, { ...signIn, confirmed: true })
    },
  }
}
