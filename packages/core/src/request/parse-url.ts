/** The URL that a text is, or null. (`URL.parse` is missing in Node 20.) */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}
