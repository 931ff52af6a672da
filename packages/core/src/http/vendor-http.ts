import { isReadAlike } from '../crypto/strict-json.ts'
import { coreError } from '../errors/core-errors.ts'
import { checkOptions, option, rule } from '../errors/options.ts'
import { type Json, jsonText } from '../model/json.ts'
import {
  type Client,
  createClient,
  endpointOf,
  type SendSettings,
  secureUrl,
  send,
  sendForResponse,
  type VendorAnswer,
  type VendorFetchInit,
} from './send.ts'
import { isHeard, observed, type VendorReports } from './vendor-reports.ts'

export { hasJsonType } from '../model/json.ts'
export { retryAfterSeconds, type VendorAnswer, type VendorFetchInit } from './send.ts'
export { createVendorReports, type VendorObserver, type VendorReport, type VendorReports } from './vendor-reports.ts'

/** The options of {@link createVendorHttp}. */
export interface VendorHttpOptions {
  /**
   * Used for every request. By default a client on node:https that keeps connections for 2 seconds, 128 for each origin;
   * where there is no Node the global `fetch`, looked up at each call.
   */
  readonly fetch?: typeof globalThis.fetch | undefined
  /**
   * The only hosts that may be at an address that is not on the public internet, as a URL has them: for requests to where a
   * document of somebody else says. By default all. Checked by the client on Node, where a name is resolved to connect.
   */
  readonly privateHosts?: readonly string[] | undefined
  /** From the start of a request to the last byte of its answer; up to 60, 5 by default. */
  readonly deadlineSeconds?: number | undefined
  /** Of a decoded body; 1 MiB by default. */
  readonly maximumBytes?: number | undefined
  /** `latchkey` by default. */
  readonly userAgent?: string | undefined
  /** Where requests are reported. By default nowhere. */
  readonly reports?: VendorReports | undefined
}

/** A request for {@link VendorHttp.json}. */
export interface VendorRequest {
  /** `POST` if there is a body, else `GET`. */
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /**
   * Whether a GET is sent once more, inside the same deadline, after no answer, 429, 502, 503 or 504. `Retry-After` is
   * heeded. A POST is never sent twice.
   */
  readonly retry?: boolean
  /** The name of the endpoint for events, such as `userinfo`: lower-case letters, digits and `_`. Never a URL. */
  readonly endpoint?: string | undefined
}

/** Requests to other systems, with every limit. Its errors hold no header, body or query of a request or an answer. */
export interface VendorHttp {
  /**
   * A fetch whose answer is already read.
   *
   * @throws `core/insecure_url`, `core/private_address`, `core/unexpected_redirect`, `core/vendor_timeout`,
   * `core/vendor_unreachable`, `core/vendor_response_too_large`, `core/vendor_response_invalid`
   */
  readonly fetch: (url: string | URL, init?: VendorFetchInit) => Promise<Response>
  /**
   * The same for who reads bytes: a `Response` costs half as much again as a request. Reported by the name of an endpoint,
   * such as `token`: lower-case letters, digits and `_`. Never a URL. What `fetch` sends is `other`.
   */
  sendAs(endpoint: string): (url: string | URL, init?: VendorFetchInit) => Promise<VendorAnswer>
  /**
   * A request whose answer must be JSON in which no member stands twice. With an error status, `body` is null where it is
   * not.
   *
   * @throws the codes of `fetch`
   */
  json(
    url: string | URL,
    request?: VendorRequest,
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly body: unknown }>
}

const factory = 'createVendorHttp'

const maximumDeadlineSeconds = 60

/**
 * Makes the HTTP client for calls to vendors: no redirects, one deadline to the last byte, a bounded body.
 *
 * @throws `core/invalid_option`
 */
export function createVendorHttp(options: VendorHttpOptions = {}): VendorHttp {
  const client = createClient(checkSettings(options))
  return {
    // Bound, not wrapped: this is on the way of every request.
    fetch: sendForResponse.bind(null, client),
    sendAs: (endpoint) => send.bind(null, { ...client, endpoint }),
    json: async (address, request = {}) =>
      isHeard(client.reports)
        ? observed(client.reports, request.endpoint, () => requestJson({ ...client, reports: null }, address, request))
        : requestJson(client, address, request),
  }
}

async function requestJson(
  client: Client,
  address: string | URL,
  { method, headers, body, retry = false }: VendorRequest,
): ReturnType<VendorHttp['json']> {
  const init = {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { accept: 'application/json', ...headers },
    body,
  }
  const answer = await send(client, address, { ...init, retry: retry && init.method === 'GET' })
  return { status: answer.status, headers: answer.headers, body: readJson(answer, address) }
}

function readJson({ status, headers, bytes }: VendorAnswer, address: string | URL): unknown {
  try {
    const text = jsonText(headers, bytes)
    const body = JSON.parse(text) as Json
    if (!isReadAlike(text, body)) throw new TypeError('A member stands there twice')
    return body
  } catch {
    if (status >= 400) return null
    throw coreError('core/vendor_response_invalid', {
      cause: { endpoint: endpointOf(secureUrl(address)), status },
    })
  }
}

function checkSettings(given: VendorHttpOptions): SendSettings {
  const {
    fetch,
    privateHosts,
    deadlineSeconds = 5,
    maximumBytes = 1_048_576,
    userAgent = 'latchkey',
    reports = null,
  } = checkOptions(factory, given, {
    fetch: option.function,
    privateHosts: option.list(option.text),
    deadlineSeconds: rule(
      `must be a number over 0, up to ${maximumDeadlineSeconds}`,
      (value) => Number.isFinite(value) && (value as number) > 0 && (value as number) <= maximumDeadlineSeconds,
    ),
    maximumBytes: option.wholeNumber(1, Number.MAX_SAFE_INTEGER),
    reports: option.object,
    userAgent: rule(
      'must be printable ASCII',
      (value) => typeof value === 'string' && /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(value),
    ),
  })
  return { fetch, privateHosts, deadlineSeconds, maximumBytes, userAgent, reports }
}
