import { isLoopback } from '@latchkey/core/provider'

/**
 * Reads the address of a white-label site: a host (`learn.example.com`) or an origin (`https://learn.example.com/`).
 * Plain http is for loopback hosts.
 *
 * @returns The origin without a trailing slash, or null where the text is anything else, such as a URL with a path.
 */
export function whiteLabelOrigin(text: string): string | null {
  const [, scheme = 'https', host] = /^(?:(https?):\/\/)?([^\s/\\@?#%]+)\/?$/i.exec(text) ?? []
  const href = `${scheme}://${host}`
  if (host === undefined || !URL.canParse(href)) return null
  const { protocol, hostname, origin } = new URL(href)
  if (!plainHostname.test(hostname)) return null
  return protocol === 'https:' || isLoopback(hostname) ? origin : null
}

const plainHostname = /^(?:[a-z0-9.-]+|\[[0-9a-f:]+\])$/
