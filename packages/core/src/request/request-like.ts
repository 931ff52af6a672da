/**
 * What core reads of a request. A `Request` is one; an adapter may make one of its framework's request without copying
 * the body.
 */
export interface RequestLike {
  readonly method: string
  /** Absolute, or the path with its query as the request line had it. */
  readonly url: string
  readonly headers: Pick<Headers, 'get'>
}

/** Headers to add to a response, in order; several may have the same name. */
export type HeaderEntries = readonly (readonly [name: string, value: string])[]

/** The path and the query of a request, as they were sent: nothing is decoded or normalised. */
export function requestTarget(request: RequestLike): { readonly path: string; readonly query: string } {
  const target = request.url.startsWith('/') ? request.url : afterOrigin(request.url)
  const [withoutFragment = ''] = target.split('#', 1)
  const start = withoutFragment.indexOf('?')
  return start === -1
    ? { path: withoutFragment, query: '' }
    : { path: withoutFragment.slice(0, start), query: withoutFragment.slice(start) }
}

/** The parameters of a request's query. */
export function requestQuery(request: RequestLike): URLSearchParams {
  return new URLSearchParams(requestTarget(request).query)
}

function afterOrigin(url: string): string {
  const match = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)
  const rest = match === null ? '/' : url.slice(match[0].length)
  return rest.startsWith('/') ? rest : `/${rest}`
}
