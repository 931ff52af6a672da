/** Where a provider can be called. */
export type Endpoint = 'metadata' | 'authorize' | 'token' | 'refresh' | 'userinfo' | 'jwks' | 'logout' | 'revoke'

/** What a provider has seen. */
export interface Journal {
  /** How often an endpoint was called. */
  count(endpoint: Endpoint): number
  /** The parameters of the calls of an endpoint, in order. */
  calls(endpoint: Endpoint): readonly URLSearchParams[]
  /** What a client did that no client may do, in any module. */
  readonly violations: readonly string[]
}

/** The journal as the provider writes it. */
export interface OpenJournal extends Journal {
  record(endpoint: Endpoint, parameters: URLSearchParams): void
  violated(rule: string): void
}

export function openJournal(): OpenJournal {
  const calls: { readonly endpoint: Endpoint; readonly parameters: URLSearchParams }[] = []
  const violations: string[] = []
  const of = (endpoint: Endpoint): readonly URLSearchParams[] =>
    calls.filter((call) => call.endpoint === endpoint).map(({ parameters }) => parameters)
  return {
    count: (endpoint) => of(endpoint).length,
    calls: of,
    violations,
    record: (endpoint, parameters) => void calls.push({ endpoint, parameters }),
    violated: (rule) => void violations.push(rule),
  }
}
