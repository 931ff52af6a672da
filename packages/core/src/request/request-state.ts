/** What an adapter keeps with each request of its framework. */
export interface RequestState<Value> {
  /** What was kept with a request; undefined before. */
  get(request: object): Value | undefined
  /** Keeps something with a request, in the place of what was there. */
  set(request: object, value: Value): void
}

/**
 * Makes a place for one thing per request: a member of the request that no listing, copy or log of it shows.
 *
 * @param name Of the thing, for debuggers.
 */
export function createRequestState<Value>(name: string): RequestState<Value> {
  // No WeakMap: V8 would keep the requests of a busy server until its next full collection.
  const member = Symbol(`latchkey.${name}`)
  return {
    get: (request) => (request as { readonly [member]?: Value })[member],
    set(request, value) {
      Object.defineProperty(request, member, { value, configurable: true })
    },
  }
}
