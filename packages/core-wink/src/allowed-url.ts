import { parseWebUrl } from '@latchkey/core/provider'
import { winkError } from './errors.ts'
import type { WinkSettings } from './options.ts'

/**
 * Requires both URLs of a Wink session to be ours: exactly on the lists where there are lists.
 *
 * @throws `wink/return_url_not_allowed`, `wink/cancel_url_not_allowed`
 */
export function requireAllowedUrls(settings: WinkSettings, urls: { returnUrl: string; cancelUrl: string }): void {
  if (!isAllowed(urls.returnUrl, settings.returnUrls)) throw winkError('wink/return_url_not_allowed')
  if (!isAllowed(urls.cancelUrl, settings.cancelUrls)) throw winkError('wink/cancel_url_not_allowed')
}

function isAllowed(url: string, list: readonly string[] | null): boolean {
  return list === null ? parseWebUrl(url) !== null : list.includes(url)
}
