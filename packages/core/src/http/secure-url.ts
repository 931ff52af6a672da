import { coreError } from '../errors/core-errors.ts'
import { parseUrl } from '../request/parse-url.ts'

/**
 * The URL, if credentials may be sent there: https, or http to this machine.
 *
 * @throws `core/insecure_url`
 */
export function secureUrl(address: string | URL): URL {
  const url = parseUrl(String(address))
  if (url === null || url.username !== '' || url.password !== '') throw coreError('core/insecure_url')
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url
  throw coreError('core/insecure_url', { cause: { endpoint: endpointOf(url) } })
}

/** What may be said of a URL in logs: no query, where codes and tokens travel. */
export function endpointOf(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`
}

function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}
