import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Sockets on this machine's loopback addresses and on no other. */
export interface LoopbackListener {
  readonly port: number
  close(): Promise<void>
}

const loopbackHost = /^(?:(?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i

/** Whether a Host header names this machine: anything else came by DNS rebinding or by mistake. */
export const isLoopbackHost = (host: string | undefined): host is string =>
  host !== undefined && loopbackHost.test(host)

/** Whether an application's URL is plain http on this machine. */
export function isLoopbackUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined
  return url?.protocol === 'http:' && isLoopbackHost(url.host) && !url.username && !url.password
}

/** Listens on 127.0.0.1 and, where the machine has it, on ::1; port 0 takes a free one. */
export async function listenOnLoopback(port: number, listener: RequestListener): Promise<LoopbackListener> {
  for (let attempt = 1; ; attempt += 1) {
    const servers = [await listen(createServer(listener), port, '127.0.0.1')]
    const taken = (servers[0]?.address() as AddressInfo).port
    try {
      servers.push(await listen(createServer(listener), taken, '::1'))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE') {
        await Promise.all(servers.map(close))
        if (port === 0 && attempt < 5) continue
        throw error
      }
      if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') throw error
    }
    return {
      port: taken,
      async close() {
        await Promise.all(servers.map(close))
      },
    }
  }
}

function listen(server: Server, port: number, address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => resolve(server))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
