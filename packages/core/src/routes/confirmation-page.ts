import type { AuthContext } from '../context/auth-context.ts'
import { type Identity, identityAt } from '../model/identity.ts'
import type { Answer } from '../request/answer.ts'
import type { SessionRecord } from '../session/record.ts'
import { escaped, questionPage } from './question-page.ts'
import { confirmationPath } from './route-table.ts'

/** The field of the sealed sign-in. */
export const confirmationField = 'sign_in'

/**
 * Asks whether a sign-in that no page of ours began may take the place of the live session. 409, since until then nothing has
 * changed.
 */
export function confirmationPage(
  { basePath, returnOrigins }: AuthContext,
  {
    current,
    identity,
    sealed,
  }: { readonly current: SessionRecord; readonly identity: Identity; readonly sealed: string },
): Answer {
  const user = identityAt(current.identities, current.userProvider)
  const here = user === undefined ? '' : labelOf(user)
  const next = labelOf(identity)
  return questionPage({
    status: 409,
    title: 'Confirm your sign-in',
    code: 'auth/sign_in_unconfirmed',
    formActionOrigins: [...returnOrigins],
    main: `<h1>Continue as <bdi>${next}</bdi>?</h1>
<p>You are signed in as <strong><bdi>${here}</bdi></strong>. This sign-in as <strong><bdi>${next}</bdi></strong> was not started from a page of this site. If you did not start it, stay signed in as you are.</p>
<form method="post" action="${basePath}${confirmationPath}">
<input type="hidden" name="${confirmationField}" value="${sealed}">
<button type="submit">Continue as <bdi>${next}</bdi></button>
</form>
<a href="/">Stay signed in as <bdi>${here}</bdi></a>`,
  })
}

const mostCharacters = 80

/** How a page names a user: as the vendor does, and where. */
function labelOf({ provider, subject, tenant, profile }: Identity): string {
  const name = profile.name ?? profile.email ?? subject
  const short = name.length > mostCharacters ? `${name.slice(0, mostCharacters)}…` : name
  return escaped(`${short} (${tenant?.name === undefined ? provider : `${provider}, ${tenant.name}`})`)
}
