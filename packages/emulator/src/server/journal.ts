/** One request that an emulated system received. It holds no cookie, secret, code, token or personal value. */
export interface JournalEntry<Endpoint extends string = string> {
  /** Whole seconds, by the system's clock. */
  readonly at: number
  /** The endpoint's short name; null where no endpoint answers. */
  readonly endpoint: Endpoint | null
  /** The method, in capitals. */
  readonly method: string
  /** The `Host` header. */
  readonly host: string
  /** Without its query. */
  readonly path: string
  /** Of query and form alike: names, with values only where they say nothing about a user or a login. */
  readonly fields: Readonly<Record<string, string>>
  /** The scheme of the Authorization header, never what follows it. */
  readonly authorization: 'Basic' | 'Bearer' | 'other' | null
  /** Null while there is no answer. */
  readonly status: number | null
  /** The OAuth error or the reason of a refusal. */
  readonly error?: string
  /** The fault that changed this answer. */
  readonly fault?: string
}

/** Every request in the order of arrival; the newest 10,000 are kept. */
export interface Journal<Endpoint extends string = string> extends ReadonlyArray<JournalEntry<Endpoint>> {
  /** How many requests reached that endpoint, with these fields: `{ grant_type: 'refresh_token' }` counts refreshes. */
  count(endpoint: Endpoint, fields?: Readonly<Record<string, string>>): number
  /** Forgets all entries. */
  clear(): void
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

export type OpenEntry<Endpoint extends string> = Writable<JournalEntry<Endpoint>>

/** The journal, and the only way to write into it. */
export function createJournal<Endpoint extends string>(): {
  readonly journal: Journal<Endpoint>
  record(entry: OpenEntry<Endpoint>): void
} {
  const entries: OpenEntry<Endpoint>[] = []
  const journal = Object.defineProperties(entries, {
    count: {
      value: (endpoint: Endpoint, fields: Readonly<Record<string, string>> = {}) =>
        entries.filter((entry) => entry.endpoint === endpoint && hasFields(entry, fields)).length,
    },
    clear: { value: () => entries.splice(0) },
  }) as unknown as Journal<Endpoint>
  return {
    journal,
    record(entry) {
      if (entries.length >= 10_000) entries.shift()
      entries.push(entry)
    },
  }
}

const hasFields = (entry: JournalEntry, fields: Readonly<Record<string, string>>): boolean =>
  Object.entries(fields).every(([name, value]) => entry.fields[name] === value)

const plainFields = new Set(
  'client_id response_type response_mode scope prompt max_age idp_hint grant_type code_challenge_method token_type_hint current_role'.split(
    ' ',
  ),
)
const urlFields = new Set(['redirect_uri', 'redirect_url', 'post_logout_redirect_uri'])

/** What of a request's fields may be written down. */
export function redactFields(fields: Iterable<readonly [string, string]>): Record<string, string> {
  return Object.fromEntries(Array.from(fields, ([name, value]) => [name.slice(0, 64), redact(name, value)]))
}

/** The scheme of an Authorization header. */
export function authorizationScheme(header: string | null): JournalEntry['authorization'] {
  if (header === null) return null
  return /^basic /i.test(header) ? 'Basic' : /^bearer /i.test(header) ? 'Bearer' : 'other'
}

function redact(name: string, value: string): string {
  if (plainFields.has(name)) return value.slice(0, 200)
  if (urlFields.has(name)) return value.split(/[?#]/, 1)[0] ?? ''
  return '[redacted]'
}
