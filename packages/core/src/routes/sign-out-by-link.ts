import type { AuthContext } from '../context/auth-context.ts'
import type { RequestSession } from '../context/request-session.ts'
import { formActionOrigins } from '../provider/form-actions.ts'
import type { Answer } from '../request/answer.ts'
import { navigationOf } from '../request/navigation.ts'
import type { RequestLike } from '../request/request-like.ts'
import { sessionFrom } from '../session/record.ts'
import { escaped, questionPage } from './question-page.ts'
import { signOut } from './sign-out.ts'

/**
 * Answers a GET that asks for a sign-out, as the front-end SDK of a vendor sends one: it opens an address. Only a page of
 * ours that opens it ends the session. A picture, a frame, a prefetch, a link elsewhere, an address that was typed, and what
 * a service worker passes on get a page with a button, which posts the sign-out that every app has.
 */
export async function signOutByLink(
  context: AuthContext,
  requestSession: RequestSession,
  returnUrl: string | null,
): Promise<Answer> {
  const { request, record } = requestSession
  if (isOpenedByOwnPage(request)) {
    return signOut(context, requestSession, { everywhere: false, returnUrl: returnUrl ?? undefined })
  }
  const session = record === null ? null : sessionFrom(record)
  const field = returnUrl === null ? '' : `<input type="hidden" name="return_url" value="${escaped(returnUrl)}">\n`
  return questionPage({
    // What was fetched ahead must not be shown later in place of the sign-out.
    status: navigationOf(request) === null ? 409 : 200,
    title: 'Sign out',
    formActionOrigins: [...context.returnOrigins, ...formActionOrigins(context.providers, session)],
    main: `<h1>Sign out?</h1>
<p>You are still signed in. Nothing has changed yet.</p>
<form method="post" action="${context.basePath}/logout">
${field}<button type="submit">Sign out</button>
</form>
<a href="/">Stay signed in</a>`,
  })
}

/** The browser has to say so itself: without its headers no one can tell a page from a picture. */
function isOpenedByOwnPage(request: RequestLike): boolean {
  const { headers } = request
  return (
    headers.get('sec-fetch-site') === 'same-origin' &&
    headers.get('sec-fetch-mode') === 'navigate' &&
    headers.get('sec-fetch-dest') === 'document' &&
    navigationOf(request) === 'document'
  )
}
