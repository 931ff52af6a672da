/** An absolute https URL without user info or fragment, or http on loopback; null for anything else. */
export function secureUrl(value: unknown): URL | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null
  const url = new URL(value)
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  const plain = url.username === '' && url.password === '' && !value.includes('#')
  return secure && plain ? url : null
}

/** Whether a host name stays on this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1' || hostname === '[::1]'
}
