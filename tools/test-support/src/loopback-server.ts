import { randomInt } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on a free port of this machine. */
export interface LoopbackServer {
  readonly port: number
  /** `http://127.0.0.1:port` */
  readonly origin: string
  /** Ends it, with its connections. */
  close(): Promise<void>
}

/** Serves on 127.0.0.1, at a free port by default. A handler that throws ends its connection, and `onError` is told. */
export async function listen(
  handle: (incoming: IncomingMessage, outgoing: ServerResponse) => unknown,
  onError: (error: unknown) => void = () => {},
  givenPort = 0,
): Promise<LoopbackServer> {
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    try {
      await handle(incoming, outgoing)
    } catch (error) {
      onError(error)
      outgoing.destroy()
    }
  }
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(givenPort, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/**
 * A port of this machine that nothing listens on. It is none of those that systems give to connections and to who asks for
 * any: such a one could be another's before it is listened on, when tests run beside each other. Nor is the one ten thousand
 * above it, where a Redis of a cluster listens, too.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(12_000, 22_000)
  try {
    const server = await listen(() => {}, undefined, port)
    await server.close()
    return port
  } catch {
    return freePort()
  }
}
