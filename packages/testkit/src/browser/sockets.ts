import { isLoopbackHost } from './cookie-jar.ts'

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** Called with each chunk of the answer as it arrives. */
  readonly onChunk?: ((text: string) => void) | undefined
  /** Breaks the connection off. */
  readonly signal?: AbortSignal | undefined
}

/** An answer as it came over the wire, read to its end. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * Sends a request to a server of this machine; no redirect is followed. `fetch` would not do: it sets Host and
 * Sec-Fetch-Mode itself.
 *
 * @param server Where the origin of the URL listens, if not at its own address, as behind a proxy that ends TLS.
 */
export async function sendOverSocket(
  { method, url, headers, body, onChunk, signal }: WireRequest,
  server: string | undefined,
): Promise<WireAnswer> {
  if (server === undefined && (url.protocol !== 'http:' || !isLoopbackHost(url.hostname))) {
    throw new Error(`The test browser does not know where ${url.origin} listens: name it in \`servers\`.`)
  }
  // Loaded when it is first needed: a browser over a function needs nothing of Node.
  const { request } = await import('node:http')
  const { hostname, port } = new URL(server ?? url)
  // Names under localhost are this machine's; Node does not know that of all of them.
  const host = hostname.endsWith('localhost') ? '127.0.0.1' : hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(new TextEncoder().encode(body).length) }
    const outgoing = request({
      host,
      port: port === '' ? 80 : port,
      method,
      path: url.pathname + url.search,
      headers: { host: url.host, ...length, ...headers },
      agent: false,
    })
    signal?.addEventListener('abort', () => {
      reject(new Error('broken off'))
      outgoing.destroy()
    })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (chunk: string) => {
        text += chunk
        onChunk?.(chunk)
      })
      incoming.on('error', reject)
      incoming.on('end', () => {
        const answered = new Headers()
        for (const [name, values] of Object.entries(incoming.headersDistinct)) {
          for (const value of values ?? []) answered.append(name, value)
        }
        resolve({ status: incoming.statusCode ?? 0, headers: answered, text })
      })
    })
    outgoing.end(body)
  })
}
