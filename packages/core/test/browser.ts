import type { Auth } from '../src/index.ts'
import type { Assertion } from './acme-provider.ts'

const origin = 'https://app.example'
const typedByAUser = {
  accept: 'text/html',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'none',
}

/** A browser on one origin, as far as sign-in goes: it keeps cookies as RFC 6265 says, by the test's clock. */
export class Browser {
  readonly #auth: Auth
  readonly #now: () => number
  readonly #cookies: Map<string, { readonly value: string; readonly expiresAt: number }> = new Map()

  constructor(auth: Auth, now: () => number) {
    this.#auth = auth
    this.#now = now
  }

  /** The user opens a page: a link, the address bar or a redirect. */
  open(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send(path, { headers: { ...typedByAUser, ...headers } })
  }

  /** A page of ours posts a form. */
  submit(path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Response> {
    const own = { ...typedByAUser, 'sec-fetch-site': 'same-origin', origin, ...headers }
    return this.#send(path, { method: 'POST', body: new URLSearchParams(fields), headers: own })
  }

  /** A script of ours fetches. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const own = { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin', origin }
    return this.#send(path, { ...init, headers: { ...own, ...(init.headers as Record<string, string>) } })
  }

  /** Opens the login by a link on a page of ours, as far as the vendor. */
  async begin(provider = 'acme', query = '', headers: Record<string, string> = {}): Promise<string> {
    const response = await this.open(`/auth/${provider}/login${query}`, { 'sec-fetch-site': 'same-origin', ...headers })
    return new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? ''
  }

  /** The vendor sends the browser back. */
  finish(state: string, assertion: Assertion = {}, provider = 'acme'): Promise<Response> {
    const query = new URLSearchParams({ state, assertion: JSON.stringify(assertion) })
    return this.open(`/auth/${provider}/callback?${query}`, { 'sec-fetch-site': 'cross-site' })
  }

  async signIn(assertion: Assertion = {}, provider = 'acme'): Promise<Response> {
    return this.finish(await this.begin(provider), assertion, provider)
  }

  /** A request of this browser that an app of ours would ask about. */
  request(path = '/api', init: RequestInit = {}): Request {
    const cookie = this.header()
    return new Request(origin + path, { ...init, headers: { ...(cookie && { cookie }), ...(init.headers as object) } })
  }

  /** Keeps what a response of ours set. */
  keep(headers: Iterable<readonly [string, string]>): void {
    for (const [name, value] of headers) if (name === 'set-cookie') this.#store(value)
  }

  /** The Cookie header. */
  header(): string {
    return this.names()
      .map((name) => `${name}=${this.#cookies.get(name)?.value}`)
      .join('; ')
  }

  names(): readonly string[] {
    return [...this.#cookies].filter(([, { expiresAt }]) => expiresAt > this.#now()).map(([name]) => name)
  }

  value(name = '__Host-latchkey'): string {
    return this.#cookies.get(name)?.value ?? ''
  }

  /** Puts a cookie there as an attacker with the browser in hand could. */
  plant(name: string, value: string): void {
    this.#cookies.set(name, { value, expiresAt: Number.POSITIVE_INFINITY })
  }

  drop(name: string): void {
    this.#cookies.delete(name)
  }

  /** Another browser with copies of all cookies, which outlive their Max-Age. */
  copy(): Browser {
    const thief = new Browser(this.#auth, this.#now)
    for (const name of this.names()) thief.plant(name, this.value(name))
    return thief
  }

  /** Sends a request as it is. */
  async answer(request: Request): Promise<Response> {
    const response = await this.#auth.handle(request)
    this.keep(response.headers)
    return response
  }

  #send(path: string, init: RequestInit): Promise<Response> {
    return this.answer(this.request(path, init))
  }

  #store(line: string): void {
    const { name, value, maxAge } = parseSetCookie(line)
    if (maxAge <= 0) this.drop(name)
    else this.#cookies.set(name, { value, expiresAt: this.#now() + maxAge })
  }
}

const cookieName = /^__Host-[A-Za-z0-9_.-]+$/
const cookieValue = /^[A-Za-z0-9_.-]*$/

/** Reads a Set-Cookie line of ours and throws unless each rule for our cookies holds. */
export function parseSetCookie(line: string): { name: string; value: string; maxAge: number } {
  const [pair = '', ...attributes] = line.split('; ')
  const separator = pair.indexOf('=')
  const name = pair.slice(0, separator)
  const value = pair.slice(separator + 1)
  const [maxAge = '', ...rest] = attributes
  const isStrict =
    cookieName.test(name) &&
    cookieValue.test(value) &&
    /^Max-Age=(0|[1-9]\d*)$/.test(maxAge) &&
    rest.toSorted().join() === 'HttpOnly,Path=/,SameSite=Lax,Secure' &&
    line.length < 4096
  if (!isStrict) throw new Error(`not a cookie of ours: ${line.slice(0, 120)}`)
  return { name, value, maxAge: Number(maxAge.slice('Max-Age='.length)) }
}
