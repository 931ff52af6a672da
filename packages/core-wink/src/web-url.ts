/**
 * Parses an absolute URL that may be called or sent to a browser: https, or http on a loopback host; without user
 * info, fragment, white space and backslashes, which browsers and servers read differently.
 */
export function parseWebUrl(value: unknown): URL | null {
  if (typeof value !== 'string' || !/^https?:\/\/[^/\\\s][^\\\s]*$/.test(value) || !URL.canParse(value)) return null
  const url = new URL(value)
  if (url.username !== '' || url.password !== '' || value.includes('#')) return null
  return url.protocol === 'https:' || isLoopback(url.hostname) ? url : null
}

function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}
