import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Stands between a client and its server, and spoils their connection. */
export interface FaultProxy {
  readonly port: number
  /** By how much every answer comes later. */
  delayMilliseconds: number
  /** Loses everything on the connections of now, without a word to either side. New ones are good. */
  mute(): void
  close(): Promise<void>
}

/** Starts a proxy on loopback. */
export async function startFaultProxy(serverPort: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>()
  const muted = new WeakSet<Socket>()

  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1')
    client.on('data', (chunk) => muted.has(client) || upstream.write(chunk))
    let answered: Promise<unknown> = Promise.resolve()
    upstream.on('data', (chunk) => {
      const answer = (): void => void (muted.has(client) || client.destroyed || client.write(chunk))
      // In their order, also when the delay has ended: no network turns the bytes of a connection around.
      answered = Promise.all([answered, proxy.delayMilliseconds > 0 && wait(proxy.delayMilliseconds)]).then(answer)
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        if (!muted.has(client)) other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const proxy: FaultProxy = {
    port: (server.address() as AddressInfo).port,
    delayMilliseconds: 0,
    mute() {
      for (const socket of sockets) muted.add(socket)
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}
