import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on a free port of this machine. */
export interface LoopbackServer {
  readonly port: number
  close(): Promise<void>
}

/** Listens on 127.0.0.1. A handler that throws is the end of its connection, and told to `onError`. */
export async function listen(
  handle: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>,
  onError: (error: unknown) => void,
): Promise<LoopbackServer> {
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error: unknown) => {
      onError(error)
      outgoing.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
