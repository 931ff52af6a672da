import { wristbandCard } from './front-page.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'

/** Where a page sends a person who must sign in or step up first. */
export function signInPage({
  code,
  returnTo,
  tenants,
}: {
  readonly code: string
  readonly returnTo: string
  readonly tenants: readonly string[]
}): string {
  const wink = `/auth/wink/login?${new URLSearchParams({ return_url: returnTo })}`
  if (code === 'auth/step_up_required') {
    return layout(
      'One more look',
      html`<p>This page needs a fresh proof of who you are (<code>${code}</code>).</p>
<p><a class="button" href="${wink}">Prove it with Wink</a></p>`,
    )
  }
  return layout(
    'Sign in',
    html`<p>This page is for people who are signed in (<code>${code}</code>).</p>
${wristbandCard(tenants, returnTo)}`,
  )
}
