import type { AuthContext } from '../context/auth-context.ts'
import { randomToken } from '../crypto/index.ts'
import { type Identity, identityAt } from '../model/identity.ts'
import type { SessionRecord } from '../session/record.ts'

/** Where the page's button posts to, below the base path. */
export const confirmationPath = '/confirm'

/** The field of the sealed sign-in. */
export const confirmationField = 'sign_in'

const style = `:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{box-sizing:border-box;width:min(30rem,100%);padding:1.5rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem;overflow-wrap:anywhere}
p{margin:0 0 1.5rem;overflow-wrap:anywhere}
button{font:inherit;font-weight:600;box-sizing:border-box;width:100%;padding:.75rem 1rem;border:0;border-radius:.5rem;background:#1d4ed8;color:#fff;cursor:pointer;overflow-wrap:anywhere}
button:focus-visible,a:focus-visible{outline:3px solid #60a5fa;outline-offset:2px}
a{display:block;margin-top:1rem;text-align:center;color:inherit;padding:.5rem;overflow-wrap:anywhere}`

/**
 * A page with one button: whether a sign-in that no page of ours began may take the place of the live session. It runs
 * nothing, loads nothing and is shown in no frame. 409, since until then nothing has changed.
 */
export function confirmationPage(
  { basePath, returnOrigins }: AuthContext,
  {
    current,
    identity,
    sealed,
  }: { readonly current: SessionRecord; readonly identity: Identity; readonly sealed: string },
): Response {
  const user = identityAt(current.identities, current.userProvider)
  const here = user === undefined ? '' : labelOf(user)
  const next = labelOf(identity)
  const nonce = randomToken(16)
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Confirm your sign-in</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<main data-code="auth/sign_in_unconfirmed">
<h1>Continue as <bdi>${next}</bdi>?</h1>
<p>You are signed in as <strong><bdi>${here}</bdi></strong>. This sign-in as <strong><bdi>${next}</bdi></strong> was not started from a page of this site. If you did not start it, stay signed in as you are.</p>
<form method="post" action="${basePath}${confirmationPath}">
<input type="hidden" name="${confirmationField}" value="${sealed}">
<button type="submit">Continue as <bdi>${next}</bdi></button>
</form>
<a href="/">Stay signed in as <bdi>${here}</bdi></a>
</main>
</body>
</html>
`
  return new Response(html, {
    status: 409,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action ${["'self'", ...returnOrigins].join(' ')}; frame-ancestors 'none'`,
      // The address of this page holds the vendor's code. Browsers need a referrer policy that lets the form name our origin.
      'referrer-policy': 'strict-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    },
  })
}

const mostCharacters = 80

/** How a page names a user: as the vendor does, and where. */
function labelOf({ provider, subject, tenant, profile }: Identity): string {
  const name = profile.name ?? profile.email ?? subject
  const short = name.length > mostCharacters ? `${name.slice(0, mostCharacters)}…` : name
  return escaped(`${short} (${tenant?.name === undefined ? provider : `${provider}, ${tenant.name}`})`)
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
