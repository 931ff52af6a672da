import { coreError } from '../errors/core-errors.ts'
import { invalidOption } from '../errors/options.ts'
import { parseUrl, parseWebUrl } from '../model/url.ts'
import type { RequestLike } from './request-like.ts'

/** The app's own origins, from `baseUrl`. URLs are built from them, never from a request. */
export interface Origins {
  /** The first origin without a `{tenant}` label, else the first of all with the label left in; no trailing slash. */
  readonly primary: string
  /** The origin with a `{tenant}` label, as it was given, or null. */
  readonly tenantRoot: string | null
  /**
   * The origin that a request arrived at.
   *
   * @throws `core/unknown_host`
   */
  resolve(request: RequestLike): ResolvedOrigin
  /** Our origin at a host, as `host:port`; null if it is none of ours. */
  ofHost(host: string): string | null
  /** Whether a request arrived at the callback origin, and not at an origin that has sessions. */
  isCallbackOnly(request: RequestLike): boolean
}

/** The origin of one request. */
export interface ResolvedOrigin {
  /** Without a trailing slash. Sessions and logins are bound to it: its scheme and port, too. */
  readonly origin: string
  /** The tenant that the host names, where its origin has a `{tenant}` label. */
  readonly tenant: string | null
}

/** What says at which of our origins a request arrived. */
export interface OriginOptions {
  readonly baseUrl: string | readonly string[]
  /** The origin of relayed callbacks, where there is one. */
  readonly callbackOrigin: string | null
  /** Whether `X-Forwarded-Host` is set by a proxy of ours. */
  readonly trustedProxy: boolean
}

const label = '{tenant}'

/**
 * Checks `baseUrl`: one origin, or a list of them; in one the left-most label may be `{tenant}`. With one plain origin the
 * Host header is ignored; else it selects an entry, and nothing more.
 *
 * @throws `core/invalid_option`
 */
export function createOrigins({ baseUrl, callbackOrigin, trustedProxy }: OriginOptions): Origins {
  const entries = [baseUrl].flat().map(parseEntry)
  const [first, ...others] = entries
  if (first === undefined) throw invalidOption('createAuth', 'baseUrl', 'must have at least one origin')
  if (entries.filter(({ isTenantRoot }) => isTenantRoot).length > 1) {
    throw invalidOption('createAuth', 'baseUrl', 'may have one origin with a {tenant} label')
  }
  const plain = entries.filter(({ isTenantRoot }) => !isTenantRoot)
  const byHost = new Map(plain.map(({ url }) => [url.host, resolved(url, null)] as const).reverse())
  const root = entries.find(({ isTenantRoot }) => isTenantRoot)
  const only = others.length === 0 && root === undefined && callbackOrigin === null ? resolved(first.url, null) : null
  const callbackHost = callbackOrigin === null ? null : new URL(callbackOrigin).host
  const find = (host: string | null): ResolvedOrigin | null => {
    if (host === null) return null
    const known = byHost.get(host)
    if (known !== undefined) return known
    const tenant = root === undefined ? null : tenantOf(host, root.url.host)
    return root === undefined || tenant === null ? null : resolved(new URL(root.text.replace(label, tenant)), tenant)
  }
  return {
    primary: plain[0]?.url.origin ?? first.text,
    tenantRoot: root?.text ?? null,
    resolve(request) {
      if (only !== null) return only
      const found = find(requestHost(request, trustedProxy))
      if (found === null) throw coreError('core/unknown_host')
      return found
    },
    ofHost: (host) => find(host)?.origin ?? null,
    isCallbackOnly(request) {
      const host = callbackHost === null ? null : requestHost(request, trustedProxy)
      return host !== null && host === callbackHost && find(host) === null
    },
  }
}

interface Entry {
  readonly text: string
  /** With a stand-in where the label is. */
  readonly url: URL
  readonly isTenantRoot: boolean
}

const standIn = 'tenant-label'

function parseEntry(text: string): Entry {
  const isTenantRoot = typeof text === 'string' && /^https?:\/\/\{tenant\}\./.test(text)
  const url = checkOrigin('createAuth', 'baseUrl', isTenantRoot ? text.replace(label, standIn) : text)
  return { text: url.origin.replace(standIn, label), url, isTenantRoot }
}

function resolved(url: URL, tenant: string | null): ResolvedOrigin {
  return { origin: url.origin, tenant }
}

/** The one host that a request names; several, or an odd one, are none. */
function requestHost({ headers, url }: RequestLike, trustedProxy: boolean): string | null {
  const forwarded = trustedProxy ? headers.get('x-forwarded-host') : null
  const host = forwarded ?? headers.get('host') ?? parseUrl(url)?.host ?? ''
  return /^[a-z0-9.-]+(?::\d{1,5})?$/i.test(host) ? withoutDefaultPort(host.toLowerCase()) : null
}

function withoutDefaultPort(host: string): string {
  return host.replace(/:(?:80|443)$/, '')
}

/** The label in front of the root's host, if it is one DNS label. */
function tenantOf(host: string, rootHost: string): string | null {
  const suffix = rootHost.slice(standIn.length)
  const tenant = host.slice(0, -suffix.length)
  return host.endsWith(suffix) && /^(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(tenant) ? tenant : null
}

/**
 * Checks that an option is an origin: https, or http on loopback, and nothing behind the host.
 *
 * @throws `core/invalid_option`
 */
export function checkOrigin(factory: string, option: string, value: unknown): URL {
  const url = parseWebUrl(value)
  if (url === null) {
    throw invalidOption(
      factory,
      option,
      'must be an https origin such as https://app.example; http is for loopback hosts',
    )
  }
  if (url.pathname !== '/' || url.search !== '') {
    throw invalidOption(factory, option, 'must be an origin alone, without a path or query')
  }
  return url
}
