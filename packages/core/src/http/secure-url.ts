import { coreError } from '../errors/core-errors.ts'
import { parseUrl } from '../request/parse-url.ts'
import { isLoopback } from '../request/web-url.ts'

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
