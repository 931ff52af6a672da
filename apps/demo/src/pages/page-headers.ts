/** What a page may do beyond what every page may. */
export interface PagePolicy {
  /** Where its forms may lead: a sign-out or launch. */
  readonly formActionOrigins: readonly string[]
  /** Default: none, so that no site can frame the page. */
  readonly frameAncestors?: "'none'" | "'self'" | undefined
  /** Directives that the other pages do not have. */
  readonly more?: readonly string[] | undefined
}

/** Nothing from elsewhere, no script, no frame; forms end here or where a sign-out or launch leads. */
export function pageHeaders(policy: PagePolicy): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(policy),
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  }
}

/** The policy of every page; Next adds what its scripts need. */
export function contentSecurityPolicy({ formActionOrigins, frameAncestors = "'none'", more = [] }: PagePolicy): string {
  const formAction = ["'self'", ...formActionOrigins].join(' ')
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    `form-action ${formAction}`,
    `frame-ancestors ${frameAncestors}`,
    "base-uri 'none'",
    ...more,
  ].join('; ')
}
