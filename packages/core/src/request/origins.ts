import { invalidOption } from '../options.ts'
import { parseUrl } from './parse-url.ts'

/** The app's own origins, from `baseUrl`. URLs are built from them, never from a request. */
export interface Origins {
  /** The first origin, without a trailing slash. */
  readonly primary: string
  /** The origin that a request arrived at. */
  resolve(): ResolvedOrigin
}

/** The origin of one request. */
export interface ResolvedOrigin {
  /** Without a trailing slash. */
  readonly origin: string
  /** The hostname, which sessions are bound to. */
  readonly audience: string
  /** The tenant that the host names, where an origin has a `{tenant}` label. */
  readonly tenant: string | null
}

/**
 * Checks `baseUrl`. With one plain origin the Host header is ignored.
 *
 * @throws `core/invalid_option`
 */
export function createOrigins(baseUrl: string): Origins {
  const { origin, hostname } = checkOrigin('createAuth', 'baseUrl', baseUrl)
  const only: ResolvedOrigin = { origin, audience: hostname, tenant: null }
  return { primary: origin, resolve: () => only }
}

/**
 * Checks that an option is an origin: https, or http on loopback, and nothing behind the host.
 *
 * @throws `core/invalid_option`
 */
export function checkOrigin(factory: string, option: string, value: unknown): URL {
  const url = typeof value === 'string' ? parseUrl(value) : null
  if (url === null) throw invalidOption(factory, option, 'must be an origin such as https://app.example')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw invalidOption(factory, option, 'must be an origin alone, without path, query or user')
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw invalidOption(factory, option, 'must be https; http is accepted for loopback hosts only')
  }
  return url
}

/** Whether a hostname always means this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1' || hostname === '[::1]'
}
