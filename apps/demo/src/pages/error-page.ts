import { html } from './html.ts'
import { layout } from './layout.ts'

const explanations: Readonly<Record<string, string>> = {
  'auth/sign_in_refused': 'This face belongs to someone else than the person who is signed in here.',
  'auth/session_changed': 'Another sign-in was finished in this browser in the meantime.',
  'wink/cancelled': 'The sign-in with Wink was cancelled.',
  'wristband/tenant_mismatch': 'The sign-in came from another company than the one it was begun for.',
}

/** Where a sign-in that failed ends. */
export function errorPage(code: string): string {
  const explanation = Object.hasOwn(explanations, code) ? explanations[code] : undefined
  return layout(
    'That did not work',
    html`<p>${explanation ?? 'The sign-in could not be completed.'}</p>
<p>Code: <code>${code}</code></p>
<p><a class="button" href="/">Back to the start</a></p>`,
  )
}
