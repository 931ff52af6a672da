import type { PlatformFetch, PlatformFetchOptions } from './platform-fetch.ts'

/** The platform's `fetch`, looked up at each call. It does not say what a name resolves to: nothing is checked there. */
export function createPlatformFetch(_options: PlatformFetchOptions): PlatformFetch {
  return (address, request) =>
    // As an object of its own: to some declarations of `RequestInit` an optional member is not an undefined one.
    globalThis.fetch(address, { ...(request as RequestInit), redirect: 'manual' })
}
