/** The URL that a text is, or null. */
export function parseUrl(text: string): URL | null {
  // Missing in Node 20. To ask before whether a text can be parsed is to parse it twice.
  if (typeof URL.parse === 'function') return URL.parse(text)
  return URL.canParse(text) ? new URL(text) : null
}

/**
 * Reads an absolute URL that may be called or sent to a browser: https, or http on a loopback host; without user info,
 * fragment, white space and backslashes, which browsers and servers read differently. Null for anything else.
 */
export function parseWebUrl(value: unknown): URL | null {
  if (typeof value !== 'string' || !/^https?:\/\/[^/\\\s][^\\\s]*$/.test(value)) return null
  const url = parseUrl(value)
  if (url === null || url.username !== '' || url.password !== '' || value.includes('#')) return null
  return url.protocol === 'https:' || isLoopback(url.hostname) ? url : null
}

/** Whether a hostname, as a parsed URL has it, always means this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}
