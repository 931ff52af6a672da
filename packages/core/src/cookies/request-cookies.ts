/** The cookies of one request. */
export interface RequestCookies {
  /** The value of a cookie that was sent exactly once under exactly this name; else null. */
  only(name: string): string | null
  /** The values of all cookies that were sent under exactly this name. */
  all(name: string): readonly string[]
  /** The names that begin with `prefix`, each once. */
  namesWith(prefix: string): readonly string[]
}

/**
 * Reads a Cookie header. Pairs are split at `;`, only spaces and tabs around them are stripped, and names are compared
 * byte for byte: a look-alike with other white space, quotes or case is another cookie.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5.4
 */
export function requestCookies(header: string | null): RequestCookies {
  const values = new Map<string, string[]>()
  for (const pair of header === null ? [] : header.split(';')) {
    const trimmed = stripBlanks(pair)
    const separator = trimmed.indexOf('=')
    if (separator < 1) continue
    const name = trimmed.slice(0, separator)
    const value = trimmed.slice(separator + 1)
    const present = values.get(name)
    if (present === undefined) values.set(name, [value])
    else present.push(value)
  }
  const all = (name: string): readonly string[] => values.get(name) ?? []
  return {
    // A duplicate comes from another path or host: no one can tell which is ours, so neither is.
    only: (name) => (all(name).length === 1 ? (all(name)[0] ?? null) : null),
    all,
    namesWith: (prefix) => [...values.keys()].filter((name) => name.startsWith(prefix)),
  }
}

function stripBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}
