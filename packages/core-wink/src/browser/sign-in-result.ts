/**
 * How a sign-in went. `leaving`: the page is on its way to Wink. `signed-in`: our session has the person. `cancelled`: the
 * person gave up, or Wink refused them. `interrupted`: Wink gave no tokens, begin again; the reason is an OAuth error such
 * as `authentication_expired`, `login_session_state`, `exchange_failed` or `unknown`. `refused`: our back end said no,
 * with this code.
 */
export type WinkSignInResult =
  | { readonly kind: 'leaving' | 'signed-in' | 'cancelled' }
  | { readonly kind: 'interrupted'; readonly reason: string }
  | { readonly kind: 'refused'; readonly code: string }

/** The answer in a callback page's address, taken out of it; null for one that holds a code. */
export function takeRefusal(): WinkSignInResult | null {
  const { hash, search, pathname } = location
  const answer = new URLSearchParams(hash.slice(1))
  if (answer.has('code') && answer.has('state')) return null
  history.replaceState(history.state, '', pathname + search)
  const error = answer.get('error')
  if (error !== null) return refusal(error, answer.get('error_description'))
  const isInterrupted = new URLSearchParams(search).get('login_session_state') === '1'
  return isInterrupted ? { kind: 'interrupted', reason: 'login_session_state' } : { kind: 'cancelled' }
}

/** Keycloak says that a login took too long in the description, under an error that differs from version to version. */
function refusal(error: string, description: string | null): WinkSignInResult {
  if (error === 'access_denied') return { kind: 'cancelled' }
  const name = description === 'authentication_expired' ? description : error
  return { kind: 'interrupted', reason: /^[a-z_]{1,64}$/.test(name) ? name : 'unknown' }
}
