import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** A request whose target is sent as it is: no client resolves, encodes or shortens it. */
export interface TargetRequest {
  readonly method: 'GET' | 'POST'
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** An answer, read to its end. */
export interface TargetAnswer {
  readonly status: number
  readonly location: string | null
  readonly setCookies: readonly string[]
  readonly text: string
}

/** Sends requests to one server over sockets that stay open. */
export interface KeepAliveClient {
  send(request: TargetRequest): Promise<TargetAnswer>
  close(): void
}

/** Opens a client of a server of this machine, which is asked for an origin as by a proxy in front of it. */
export function openKeepAliveClient(server: string, origin: string): KeepAliveClient {
  const { hostname: host, port } = new URL(server)
  const agent = new Agent({ keepAlive: true })
  return {
    async send({ method, target, headers, body = '' }) {
      const once = (): Promise<IncomingMessage> =>
        new Promise((resolve, reject) => {
          // Node writes a path as it is, one byte a character.
          const options = {
            agent,
            host,
            port,
            method,
            path: target,
            headers: { host: new URL(origin).host, ...headers },
          }
          const outgoing = request(options)
          // A server closes the socket of a request that it could not read: the next one takes another.
          const failed = (error: Error): void => (outgoing.reusedSocket ? resolve(once()) : reject(error))
          outgoing.on('response', resolve).on('error', failed)
          outgoing.end(body)
        })
      const incoming = await once()
      const { statusCode: status = 0, headers: answered } = incoming
      return {
        status,
        location: answered.location ?? null,
        setCookies: answered['set-cookie'] ?? [],
        text: await text(incoming),
      }
    },
    close: () => agent.destroy(),
  }
}
