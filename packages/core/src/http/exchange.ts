import type { $Fetch } from 'ofetch'
import { isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import { readBounded } from './bounded-body.ts'
import { withDeadline } from './deadline.ts'
import { sendWithRetry } from './retry.ts'
import { endpointOf } from './secure-url.ts'

/** What of a `RequestInit` is heeded. A redirect is never followed, whatever `redirect` says. */
export interface VendorFetchInit {
  readonly method?: string
  readonly headers?: HeadersInit
  readonly body?: BodyInit | null | undefined
  readonly redirect?: RequestRedirect
  readonly signal?: AbortSignal | undefined
}

/** The options of the vendor HTTP client, checked and complete. */
export interface ExchangeSettings {
  readonly fetch: typeof globalThis.fetch | undefined
  readonly deadlineSeconds: number
  readonly maximumBytes: number
  readonly userAgent: string
}

/** Sends a request and reads its answer to the end, under every limit. */
export type Exchange = (url: URL, init: VendorFetchInit, options: { readonly retry: boolean }) => Promise<Response>

type Client = ExchangeSettings & Pick<$Fetch, 'raw'>

/** Makes an {@link Exchange}. ofetch is loaded when it is first used. */
export function createExchange(settings: ExchangeSettings): Exchange {
  let client: Promise<Client> | undefined
  return (url, init, { retry }) => {
    const loading = (client ??= loadClient(settings))
    const late = (): Error => coreError('core/vendor_timeout', { cause: { endpoint: endpointOf(url) } })
    return withDeadline(settings.deadlineSeconds, late, async (deadline) => {
      const signal = init.signal ? AbortSignal.any([deadline.signal, init.signal]) : deadline.signal
      const sender = await loading
      const send = (): Promise<Response> => sendOnce(sender, url, { ...init, signal })
      return retry ? sendWithRetry(send, deadline, signal) : send()
    })
  }
}

async function loadClient(settings: ExchangeSettings): Promise<Client> {
  const { createFetch } = await import('ofetch')
  const { fetch } = settings
  const { raw } = createFetch({
    fetch: (input, init) => (fetch === undefined ? globalThis.fetch(input, init) : fetch(input, init)),
  })
  return { ...settings, raw }
}

async function sendOnce(
  { raw, maximumBytes, userAgent }: Client,
  url: URL,
  { method = 'GET', headers, body, signal }: VendorFetchInit & { readonly signal: AbortSignal },
): Promise<Response> {
  const endpoint = endpointOf(url)
  try {
    const limited = new Headers(headers)
    limited.set('accept-encoding', 'identity')
    limited.set('user-agent', userAgent)
    const response: Response = await raw(url.href, {
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
    const bytes = await readBounded(response.body, maximumBytes)
    if (bytes === null) throw coreError('core/vendor_response_too_large', { cause: { endpoint, status } })
    return new Response(bytes.length === 0 ? null : bytes, { status, headers: decodedHeaders(response.headers) })
  } catch (error) {
    if (isAuthError(error)) throw error
    if (signal.aborted) throw signal.reason
    // The error of fetch is left behind: it holds the headers and the body of the request.
    throw coreError('core/vendor_unreachable', { cause: { endpoint } })
  }
}

function isRedirect({ type, redirected, status }: Response): boolean {
  return redirected || type === 'opaqueredirect' || (status >= 300 && status < 400)
}

function decodedHeaders(original: Headers): Headers {
  const headers = new Headers(original)
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name)
  return headers
}
