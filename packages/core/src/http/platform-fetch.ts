/** A request of the HTTP client, as it comes out of ofetch. */
export interface PlatformRequest {
  readonly method?: string | undefined
  readonly headers: Headers
  readonly body?: BodyInit | null | undefined
  readonly signal: AbortSignal
}

/** What the HTTP client reads of an answer. A `Response` is one. */
export interface PlatformAnswer extends Pick<Response, 'status' | 'headers' | 'type' | 'redirected'> {
  /** Leaving an iteration gives the rest up. */
  readonly body: AsyncIterable<Uint8Array> | null
  /** Reads the body, where that costs less than to iterate over it. Null, and the rest is given up, for more bytes. */
  readonly read?: (maximumBytes: number) => Promise<Uint8Array<ArrayBuffer> | null>
}

/** Sends one request, once, and follows no redirect. */
export type PlatformFetch = (address: string, request: PlatformRequest) => Promise<PlatformAnswer>

/** What {@link PlatformFetch} is made with. */
export interface PlatformFetchOptions {
  /** The only hosts that may be at an address that is not on the public internet; undefined for all. */
  readonly privateHosts: readonly string[] | undefined
}

/** The `code` of the error for a host at an address where it must not be. */
export const privateAddressCode = 'LATCHKEY_PRIVATE_ADDRESS'
