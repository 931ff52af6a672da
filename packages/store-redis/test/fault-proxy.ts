import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Stands between a client and its server, and spoils their connection. */
export interface FaultProxy {
  readonly port: number
  /** By how much every answer comes later. */
  delayMilliseconds: number
  /** By how much every request comes later. */
  requestDelayMilliseconds: number
  /** Loses everything on the connections of now, without a word to either side. New ones are good. */
  mute(): void
  /** Breaks all connections, and answers nothing on new ones. */
  cut(): void
  /** Whether a connection since `cut` has asked for something. */
  readonly isAskedInVain: boolean
  /** Ends `cut`, and breaks the connections that got no answer. */
  mend(): void
  /** Breaks the next connection that asks for something with this text in it, when the server has done it. */
  breakAfter(text: string): void
  close(): Promise<void>
}

/** Starts a proxy on loopback. */
export async function startFaultProxy(serverPort: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>()
  const muted = new WeakSet<Socket>()

  let isCut = false
  let isAskedInVain = false
  let breaking: string | null = null
  const server = createServer((client) => {
    if (isCut) {
      sockets.add(client)
      client.once('data', () => {
        isAskedInVain = true
      })
      client.on('error', () => client.destroy())
      client.on('close', () => sockets.delete(client))
      return
    }
    const upstream = connect(serverPort, '127.0.0.1')
    let isBreaking = false
    client.on('data', (chunk) => {
      if (breaking !== null && chunk.includes(breaking)) {
        isBreaking = true
        breaking = null
      }
      const ask = (): void => void (muted.has(client) || upstream.write(chunk))
      if (proxy.requestDelayMilliseconds === 0) ask()
      else setTimeout(ask, proxy.requestDelayMilliseconds)
    })
    let answered: Promise<unknown> = Promise.resolve()
    upstream.on('data', (chunk) => {
      if (isBreaking) {
        client.destroy()
        return
      }
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
        if (muted.has(client)) return
        // What is on its way arrives, though who sent it has left.
        if (proxy.requestDelayMilliseconds === 0) other.destroy()
        else setTimeout(() => other.destroy(), proxy.requestDelayMilliseconds)
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const proxy: FaultProxy = {
    port: (server.address() as AddressInfo).port,
    delayMilliseconds: 0,
    requestDelayMilliseconds: 0,
    mute() {
      for (const socket of sockets) muted.add(socket)
    },
    get isAskedInVain() {
      return isAskedInVain
    },
    cut() {
      isCut = true
      isAskedInVain = false
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      isCut = false
      for (const socket of sockets) socket.destroy()
    },
    breakAfter(text) {
      breaking = text
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}
