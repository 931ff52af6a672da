import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between a pool and its server, and holds what the pool sends. */
export interface HoldingProxy {
  readonly port: number
  /** Holds everything from now on. */
  hold(): void
  /** Sends what was held, late, also for clients that are gone. */
  release(): void
  close(): Promise<void>
}

/** Starts a proxy on loopback. */
export async function startHoldingProxy(serverPort: number): Promise<HoldingProxy> {
  const links = new Map<Socket, Socket>()
  const held: (() => void)[] = []
  let holds = false

  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1')
    links.set(client, upstream)
    client.on('data', (chunk) => {
      if (holds) held.push(() => upstream.write(chunk))
      else upstream.write(chunk)
    })
    upstream.on('data', (chunk) => client.write(chunk))
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
    // What a client had sent before it went away is on its way.
    client.on('close', () => holds || upstream.end())
    upstream.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    hold() {
      holds = true
    },
    release() {
      holds = false
      for (const send of held.splice(0)) send()
    },
    async close() {
      for (const [client, upstream] of links) {
        client.destroy()
        upstream.destroy()
      }
      server.close()
      await once(server, 'close')
    },
  }
}
