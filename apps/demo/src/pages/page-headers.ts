/** Nothing from elsewhere, no script, no frame; forms end here or where a sign-out or launch leads. */
export function pageHeaders(formActionOrigins: readonly string[]): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(formActionOrigins),
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  }
}

/** The policy of every page; Next adds what its scripts need. */
export function contentSecurityPolicy(formActionOrigins: readonly string[], more: readonly string[] = []): string {
  const formAction = ["'self'", ...formActionOrigins].join(' ')
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    `form-action ${formAction}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    ...more,
  ].join('; ')
}
