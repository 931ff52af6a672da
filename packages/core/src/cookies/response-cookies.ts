import type { Seconds } from '../model/time.ts'
import type { RequestCookies } from './request-cookies.ts'

/** The cookies that one response sets. The last word on a name counts. */
export interface ResponseCookies {
  /** `isCurrent` is asked when the response leaves: a cookie that no longer holds then is left out. */
  set(name: string, value: string, options: { readonly lifetime: Seconds; isCurrent?(): boolean }): void
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
  return new CollectedCookies()
}

const attributes = 'Path=/; HttpOnly; Secure; SameSite=Lax'

class CollectedCookies implements ResponseCookies {
  /** Undefined before there is one: most responses set none. */
  #lines: Map<string, { readonly line: string; isCurrent?(): boolean }> | undefined

  set(name: string, value: string, { lifetime, isCurrent }: Parameters<ResponseCookies['set']>[2]): void {
    this.#lines ??= new Map()
    const line = `${name}=${value}; Max-Age=${lifetime}; ${attributes}`
    this.#lines.set(name, isCurrent === undefined ? { line } : { line, isCurrent })
  }

  expire(name: string): void {
    this.#lines ??= new Map()
    this.#lines.set(name, { line: `${name}=; Max-Age=0; ${attributes}` })
  }

  lines(): readonly string[] {
    if (this.#lines === undefined) return []
    return [...this.#lines.values()].filter(({ isCurrent = always }) => isCurrent()).map(({ line }) => line)
  }
}

function always(): boolean {
  return true
}

/** The cookies that a request brought and those that its response sets. */
export interface Cookies {
  readonly sent: RequestCookies
  readonly response: ResponseCookies
}
