import type { OpenEntry } from './journal.ts'

/** What a handler may use besides the request. */
export interface RouteContext {
  /** Values of the path's `:name` segments. */
  readonly parameters: Readonly<Record<string, string>>
  /** Writes the reason of a refusal into the journal. */
  note(error: string): void
}

export type Handler = (request: Request, context: RouteContext) => Response | Promise<Response>

/** One method and path of an emulated system. */
export interface Route<Endpoint extends string> {
  /** The short name by which the journal and the faults know it. */
  readonly endpoint: Endpoint
  readonly method: 'GET' | 'POST' | 'OPTIONS'
  /** Segments of the form `:name` match any one segment. */
  readonly path: string
  /** Where the system answers it: on its own host, on a tenant's host; `own` by default. */
  readonly on?: 'own' | 'tenant'
  readonly handle: Handler
}

/** The route that answers, with the values of its path's parameters. */
export function findRoute<Endpoint extends string>(
  routes: readonly Route<Endpoint>[],
  request: { readonly method: string; readonly url: URL; readonly host: 'own' | 'tenant' },
): { readonly route: Route<Endpoint>; readonly parameters: Record<string, string> } | null {
  for (const route of routes) {
    if (route.method !== request.method || (route.on ?? 'own') !== request.host) continue
    const parameters = matchPath(route.path, request.url.pathname)
    if (parameters) return { route, parameters }
  }
  return null
}

/** Adds the reason of a refusal to a journal entry. */
export const noteInto =
  <Endpoint extends string>(entry: OpenEntry<Endpoint>) =>
  (error: string): void => {
    entry.error = error
  }

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const expected = pattern.split('/')
  const actual = path.split('/')
  if (expected.length !== actual.length) return null
  const parameters: Record<string, string> = {}
  for (const [index, segment] of expected.entries()) {
    const value = actual[index] ?? ''
    if (segment.startsWith(':') && value !== '') parameters[segment.slice(1)] = value
    else if (segment !== value) return null
  }
  return parameters
}
