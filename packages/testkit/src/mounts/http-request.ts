/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON. */
  json(): unknown
}

/** A request as it goes over the wire: `fetch` would not let Host and Sec-Fetch-Mode be said. */
export interface HttpRequest {
  readonly method?: string
  /** The path and the query, or whatever else the request line is to hold. */
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Told each chunk of the answer as it arrives. */
  onChunk?(text: string): void
  /** Breaks the connection off. */
  readonly signal?: AbortSignal
}

/** Sends a request to a server of this machine. No redirect is followed. */
export async function sendRequest(origin: string, given: HttpRequest): Promise<HttpAnswer> {
  // Here, and only here, the suite needs Node's own: it is loaded when a mount is asked for the first time.
  const { request } = await import('node:http')
  const { hostname, port } = new URL(origin)
  const { method = 'GET', target, headers = {}, body, onChunk, signal } = given
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(new TextEncoder().encode(body).length) }
    const outgoing = request({ host: hostname, port, method, path: target, headers: { ...length, ...headers } })
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
        resolve({ status: incoming.statusCode ?? 0, headers: answered, text, json: () => JSON.parse(text) as unknown })
      })
    })
    outgoing.end(body)
  })
}
