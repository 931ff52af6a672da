/** A cookie as a browser keeps it. */
interface KeptCookie {
  readonly name: string
  readonly value: string
  /** The host that set it, or the domain that it is for. */
  readonly domain: string
  readonly isHostOnly: boolean
  readonly path: string
  readonly isSecure: boolean
  /** In whole seconds; infinite for a cookie of the browser's session. */
  readonly expiresAt: number
}

/**
 * The cookies of one browser, by host: a port does not matter, as in browsers. `address` is a URL, absolute or of the
 * browser's own origin; the origin itself by default.
 */
export interface CookieJar {
  /** The Cookie header of a request to this address; empty if there is none. */
  header(address?: string | URL): string
  /** The names of the cookies that would be sent, in order. */
  names(address?: string | URL): readonly string[]
  /** The value of a cookie that would be sent; undefined if there is none. */
  get(name: string, address?: string | URL): string | undefined
  /** Puts a cookie there as an attacker with the browser in hand could: for every path, and for good. */
  set(name: string, value: string, address?: string | URL): void
  /** Forgets a cookie. */
  delete(name: string, address?: string | URL): void
  /** Keeps what the Set-Cookie lines of an answer say, by the rules of browsers. */
  keep(lines: readonly string[], address?: string | URL): void
  /** All cookies in another jar, where none expires: what a thief copied. */
  copy(): CookieJar
}

const mostBytes = 4096

/**
 * Makes a cookie jar. It keeps to Secure (loopback counts as secure), the prefixes `__Host-` and `__Secure-`, Domain,
 * Path, Max-Age and Expires, and to the limit of 4,096 bytes. It sends every cookie also where SameSite would hold it
 * back: that a request of another site is refused is for the server to show.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5
 */
export function createCookieJar(
  resolve: (address: string | URL) => URL,
  clock: () => number,
  kept: readonly KeptCookie[] = [],
): CookieJar {
  const cookies = new Map(kept.map((cookie) => [keyOf(cookie), cookie]))
  const sentTo = (address: string | URL): readonly KeptCookie[] => {
    const url = resolve(address)
    return [...cookies.values()]
      .filter((cookie) => cookie.expiresAt > clock() && isFor(cookie, url))
      .sort((one, other) => other.path.length - one.path.length)
  }
  const jar: CookieJar = {
    header: (address = '/') =>
      sentTo(address)
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
    names: (address = '/') => sentTo(address).map(({ name }) => name),
    get: (name, address = '/') => sentTo(address).find((cookie) => cookie.name === name)?.value,
    set(name, value, address = '/') {
      const { hostname: domain } = resolve(address)
      const cookie = { name, value, domain, isHostOnly: true, path: '/', isSecure: false, expiresAt: Infinity }
      cookies.set(keyOf(cookie), cookie)
    },
    delete(name, address = '/') {
      for (const cookie of sentTo(address)) if (cookie.name === name) cookies.delete(keyOf(cookie))
    },
    keep(lines, address = '/') {
      for (const line of lines) {
        const cookie = readSetCookie(line, resolve(address), clock())
        if (cookie === null) continue
        if (cookie.expiresAt > clock()) cookies.set(keyOf(cookie), cookie)
        else cookies.delete(keyOf(cookie))
      }
    },
    copy: () =>
      createCookieJar(
        resolve,
        clock,
        [...cookies.values()].map((cookie) => ({ ...cookie, expiresAt: Infinity })),
      ),
  }
  return jar
}

/** What a Set-Cookie line makes a browser keep; null where a browser would ignore it. */
function readSetCookie(line: string, url: URL, now: number): KeptCookie | null {
  const [pair = '', ...rest] = line.split(';')
  const separator = pair.indexOf('=')
  const [name, value] = [pair.slice(0, separator).trim(), pair.slice(separator + 1).trim()]
  if (separator < 1 || new TextEncoder().encode(name + value).length > mostBytes) return null
  const attributes = new Map(rest.map(readAttribute))
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase() ?? ''
  const path = attributes.get('path') ?? ''
  const cookie: KeptCookie = {
    name,
    value,
    domain: domain || url.hostname,
    isHostOnly: domain === '',
    path: path.startsWith('/') ? path : url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf('/'))),
    isSecure: attributes.has('secure'),
    expiresAt: expiryOf(attributes, now),
  }
  if (!isOfDomain(url.hostname, cookie) || (cookie.isSecure && !isSecureUrl(url))) return null
  if (/^__(?:Secure|Host)-/i.test(name) && !cookie.isSecure) return null
  if (/^__Host-/i.test(name) && (!cookie.isHostOnly || path !== '/')) return null
  return cookie
}

function readAttribute(text: string): [name: string, value: string] {
  const [name = '', ...value] = text.split('=')
  return [name.trim().toLowerCase(), value.join('=').trim()]
}

function expiryOf(attributes: ReadonlyMap<string, string>, now: number): number {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now + Number(maxAge)
  const expires = Date.parse(attributes.get('expires') ?? '')
  return Number.isNaN(expires) ? Infinity : expires / 1000
}

function isFor(cookie: KeptCookie, url: URL): boolean {
  const { path } = cookie
  const isUnder = url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
  return isOfDomain(url.hostname, cookie) && isUnder && (!cookie.isSecure || isSecureUrl(url))
}

function isOfDomain(hostname: string, { domain, isHostOnly }: Pick<KeptCookie, 'domain' | 'isHostOnly'>): boolean {
  return hostname === domain || (!isHostOnly && hostname.endsWith(`.${domain}`))
}

/** Browsers trust loopback as they trust https. */
function isSecureUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || isLoopbackHost(hostname)
}

/** Whether a host is this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === '127.0.0.1' || hostname === '[::1]' || /(?:^|\.)localhost$/.test(hostname)
}

function keyOf({ name, domain, path }: KeptCookie): string {
  return `${domain} ${path} ${name}`
}
