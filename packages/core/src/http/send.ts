import { isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import { joinedBytes } from '../model/joined-bytes.ts'
import { type Deadline, pause, startDeadline } from '../model/time.ts'
import { isLoopback, parseUrl } from '../model/url.ts'
import { type FailureReason, failureReason, isPrivateAddress } from './failure-reason.ts'
import type { PlatformAnswer, RawFetch } from './platform-fetch.ts'
import { isHeard, observed, type VendorReports } from './vendor-reports.ts'

/** What of a `RequestInit` is heeded. A redirect is never followed, whatever `redirect` says. */
export interface VendorFetchInit {
  /** `GET` by default. */
  readonly method?: string
  /** `accept-encoding` and `user-agent` are replaced. */
  readonly headers?: HeadersInit
  /** None by default. */
  readonly body?: BodyInit | null | undefined
  /** Without effect: a redirect is always an error. */
  readonly redirect?: RequestRedirect
  /** Ends the request before its deadline. */
  readonly signal?: AbortSignal | undefined
}

/** The options of the vendor HTTP client, checked and complete. */
export interface SendSettings {
  readonly fetch: typeof globalThis.fetch | undefined
  /** The only hosts that may be at an address that is not on the public internet; undefined for all. */
  readonly privateHosts: readonly string[] | undefined
  readonly deadlineSeconds: number
  readonly maximumBytes: number
  readonly userAgent: string
  /** Null where requests are reported nowhere, or by who sends them. */
  readonly reports: VendorReports | null
}

/** What sends: the settings, and ofetch once it is loaded. */
export interface Client extends SendSettings {
  /** The name by which requests are reported. */
  readonly endpoint?: string | undefined
  /** ofetch is loaded when it is first used. */
  loadFetch(): Promise<RawFetch>
}

/** Makes what {@link send} sends with. */
export function createClient(settings: SendSettings): Client {
  let loading: Promise<RawFetch> | undefined
  const load = async (): Promise<RawFetch> => {
    const { createRawFetch } = await import('./raw-fetch.ts')
    return createRawFetch(settings)
  }
  return { ...settings, loadFetch: () => (loading ??= load()) }
}

/** How a request is sent. */
interface SendOptions {
  /** Whether it is sent once more after no answer or a passing error. Default false. */
  readonly retry?: boolean
}

/** An answer that was read to the end. */
export interface VendorAnswer {
  readonly status: number
  /** Whether the status is from 200 to 299. */
  readonly ok: boolean
  readonly headers: Headers
  /** The body, decoded. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Sends a request as {@link send} does, for a `Response`. */
export async function sendForResponse(
  client: Client,
  address: string | URL,
  given?: VendorFetchInit,
): Promise<Response> {
  const { status, headers: original, bytes } = await send(client, address, given)
  const headers = new Headers(original)
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name)
  return new Response(bytes.length === 0 ? null : bytes, { status, headers })
}

/** Sends a request to a secure URL and reads its answer to the end, under every limit. */
export async function send(
  client: Client,
  address: string | URL,
  given: VendorFetchInit & SendOptions = {},
): Promise<VendorAnswer> {
  if (isHeard(client.reports)) {
    return observed(client.reports, client.endpoint, () => send({ ...client, reports: null }, address, given))
  }
  const { retry = false, signal, ...init } = given
  const url = secureUrl(address)
  const late = (): Error =>
    coreError('core/vendor_timeout', {
      cause: { endpoint: endpointOf(url), reason: 'timeout' satisfies FailureReason },
    })
  const deadline = startDeadline(client.deadlineSeconds, late)
  const request = { ...init, signal: signal ? AbortSignal.any([deadline.signal, signal]) : deadline.signal }
  return await deadline.race(retry ? sendTwice(client, url, { request, deadline }) : sendOnce(client, url, request))
}

type SignalledInit = VendorFetchInit & { readonly signal: AbortSignal }

/** Sends, and once more after no answer or a passing error, if the deadline leaves time for the wait. */
async function sendTwice(
  client: Client,
  url: URL,
  { request, deadline }: { readonly request: SignalledInit; readonly deadline: Deadline },
): Promise<VendorAnswer> {
  const first = sendOnce(client, url, request)
  const delaySeconds = await retryDelaySeconds(first)
  if (delaySeconds === null || delaySeconds >= deadline.remainingSeconds()) return first
  await pause(delaySeconds, request.signal)
  return sendOnce(client, url, request)
}

async function sendOnce(
  { loadFetch, maximumBytes, userAgent }: Client,
  url: URL,
  { method = 'GET', headers, body, signal }: SignalledInit,
): Promise<VendorAnswer> {
  const endpoint = endpointOf(url)
  try {
    const limited = new Headers(headers)
    limited.set('accept-encoding', 'identity')
    limited.set('user-agent', userAgent)
    const raw = await loadFetch()
    const response: PlatformAnswer = await raw(url.href, {
      method,
      headers: limited,
      body: body ?? null,
      signal,
      redirect: 'manual',
      responseType: 'stream',
      ignoreResponseError: true,
      retry: false,
    })
    const { status } = response
    if (isRedirect(response)) throw coreError('core/unexpected_redirect', { cause: { endpoint, status } })
    if (status < 200 || status > 599) throw coreError('core/vendor_response_invalid', { cause: { endpoint, status } })
    const bytes = await (response.read?.(maximumBytes) ?? readBounded(response.body, maximumBytes))
    if (bytes === null) throw coreError('core/vendor_response_too_large', { cause: { endpoint, status } })
    return { status, ok: status < 300, headers: response.headers, bytes }
  } catch (error) {
    if (isAuthError(error)) throw error
    if (signal.aborted) throw signal.reason
    // The error of fetch is left behind, but for one word: it holds the headers and the body of the request.
    if (isPrivateAddress(error)) throw coreError('core/private_address', { cause: { endpoint } })
    const reason = failureReason(error)
    throw coreError('core/vendor_unreachable', { cause: reason === undefined ? { endpoint } : { endpoint, reason } })
  }
}

function isRedirect({ type, redirected, status }: PlatformAnswer): boolean {
  return redirected || type === 'opaqueredirect' || (status >= 300 && status < 400)
}

const retryableStatuses = [429, 502, 503, 504]

/** How long to wait before the second attempt; null for none. */
async function retryDelaySeconds(first: Promise<VendorAnswer>): Promise<number | null> {
  try {
    const { status, headers } = await first
    return retryableStatuses.includes(status) ? retryAfterSeconds(headers) + jitterSeconds() : null
  } catch (error) {
    return isAuthError(error) && error.code === 'core/vendor_unreachable' ? jitterSeconds() : null
  }
}

/** Each of its three forms begins with the day. `Date.parse` takes far more: it sees the year 2099 in `soon 2099`. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/

/**
 * Seconds, or a date; anything else counts as 0.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterSeconds(headers: Headers): number {
  const value = headers.get('retry-after') ?? ''
  if (/^\d+$/.test(value)) return Number(value)
  if (!httpDate.test(value)) return 0
  // By the vendor's own clock, where it tells the time.
  const now = Date.parse(headers.get('date') ?? '') || Date.now()
  return Math.max(0, (Date.parse(value) - now) / 1000 || 0)
}

function jitterSeconds(): number {
  const [random = 0] = crypto.getRandomValues(new Uint8Array(1))
  return 0.05 + random / 1280
}

/** Reads a body of at most so many decoded bytes. Null, and the rest is not read, for a larger one. */
async function readBounded(
  body: PlatformAnswer['body'],
  maximumBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.byteLength
    // Leaving the loop cancels the stream.
    if (length > maximumBytes) return null
    chunks.push(chunk)
  }
  return joinedBytes(chunks)
}

/**
 * The URL, if tokens may be sent there: https, or http to this machine.
 *
 * @throws `core/insecure_url`
 */
export function secureUrl(address: string | URL): URL {
  const url = parseUrl(String(address))
  if (url === null || url.username !== '' || url.password !== '') throw coreError('core/insecure_url')
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url
  throw coreError('core/insecure_url', { cause: { endpoint: endpointOf(url) } })
}

/** What may be said of a URL in logs: no query, where codes and tokens travel. */
export function endpointOf(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`
}
