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
  return new SentCookies(header ?? '')
}

class SentCookies implements RequestCookies {
  readonly #header: string
  /** Undefined before names are listed. */
  #values: ReadonlyMap<string, readonly string[]> | undefined

  constructor(header: string) {
    this.#header = header
  }

  only(name: string): string | null {
    // To look for one name costs less than to take the header apart; most requests ask for no other.
    if (this.#values === undefined) return onlyValue(this.#header, name)
    const values = this.all(name)
    return values.length === 1 ? (values[0] ?? null) : null
  }

  all(name: string): readonly string[] {
    return this.#parsed().get(name) ?? []
  }

  namesWith(prefix: string): readonly string[] {
    return [...this.#parsed().keys()].filter((name) => name.startsWith(prefix))
  }

  #parsed(): ReadonlyMap<string, readonly string[]> {
    return (this.#values ??= valuesByName(this.#header))
  }
}

/** A duplicate comes from another path or host: no one can tell which is ours, so neither is. */
function onlyValue(header: string, name: string): string | null {
  if (name === '' || name.includes('=')) return null
  let found: string | null = null
  for (let next = 0; next < header.length; ) {
    const semicolon = header.indexOf(';', next)
    let end = semicolon === -1 ? header.length : semicolon
    let start = next
    next = end + 1
    while (start < end && isBlank(header.charCodeAt(start))) start++
    while (end > start && isBlank(header.charCodeAt(end - 1))) end--
    const separator = start + name.length
    if (separator >= end || header.charCodeAt(separator) !== equals || !header.startsWith(name, start)) continue
    if (found !== null) return null
    found = header.slice(separator + 1, end)
  }
  return found
}

function valuesByName(header: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>()
  for (const pair of header.split(';')) {
    const trimmed = stripBlanks(pair)
    const separator = trimmed.indexOf('=')
    if (separator < 1) continue
    const name = trimmed.slice(0, separator)
    const value = trimmed.slice(separator + 1)
    const present = values.get(name)
    if (present === undefined) values.set(name, [value])
    else present.push(value)
  }
  return values
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

const equals = 0x3d
