import type { Seconds } from '../session/identity.ts'

/** The cookies that one response sets. The last word on a name counts. */
export interface ResponseCookies {
  set(name: string, value: string, lifetime: Seconds): void
  expire(name: string): void
  /** The values of the Set-Cookie lines. */
  lines(): readonly string[]
}

/**
 * Collects the cookies of a response. All are for this host and every path, over https, out of the reach of scripts and
 * of requests by other sites.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-4.1
 */
export function responseCookies(): ResponseCookies {
  const lines = new Map<string, string>()
  const attributes = 'Path=/; HttpOnly; Secure; SameSite=Lax'
  return {
    set(name, value, lifetime) {
      lines.set(name, `${name}=${value}; Max-Age=${lifetime}; ${attributes}`)
    },
    expire(name) {
      lines.set(name, `${name}=; Max-Age=0; ${attributes}`)
    },
    lines: () => [...lines.values()],
  }
}
