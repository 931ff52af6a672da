import { createFetch } from 'ofetch'
import { createPlatformFetch } from '#fetch'
import type { PlatformFetchOptions, RawFetch } from './platform-fetch.ts'

/** What {@link createRawFetch} is made with. */
export interface RawFetchOptions extends PlatformFetchOptions {
  /** The platform's own by default. */
  readonly fetch: typeof globalThis.fetch | undefined
}

/** ofetch over a fetch. This file is loaded when first needed. It has ofetch inside, so that no bundle has its polyfill. */
export function createRawFetch(options: RawFetchOptions): RawFetch {
  // What ofetch and we use of a fetch and its answers is what a platform's has.
  const fetch = options.fetch ?? (createPlatformFetch(options) as unknown as typeof globalThis.fetch)
  return createFetch({ fetch }).raw
}
