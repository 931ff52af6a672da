const explanations: Readonly<Record<string, string>> = {
  'auth/sign_in_refused': 'The Wink user is someone else, not the user who is signed in here.',
  'auth/session_changed': 'Another sign-in was finished in this browser in the meantime.',
  'oidc/token_expired': 'The sign-in system sent a token that has expired.',
  'oidc/token_request_failed': 'The sign-in system does not work right now. Try again in a moment.',
  'wink/cancelled': 'The sign-in with Wink was cancelled.',
  'wristband/tenant_mismatch': 'The sign-in came from another company than the one it was begun for.',
}

/** What a user is told about a code. */
export function explanationOf(code: string): string {
  const known = Object.hasOwn(explanations, code) ? explanations[code] : undefined
  return known ?? 'The sign-in could not be completed.'
}
