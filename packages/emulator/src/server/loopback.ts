import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** Sockets on this machine's loopback addresses and on no other. */
export interface LoopbackListener {
  readonly port: number
  close(): Promise<void>
}

// The cookies of every port of localhost arrive here, and Node's own limit of 16 kB is soon reached.
const options = { maxHeaderSize: 64 * 1024 }

const loopbackHost = /^(?:(?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i

/** Whether a Host header names this machine: anything else came by DNS rebinding or by mistake. */
export const isLoopbackHost = (host: string | undefined): host is string =>
  host !== undefined && loopbackHost.test(host)

/** Whether an application's URL is on this machine. */
export function isLoopbackUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return false
  return isLoopbackHost(url.host) && !url.username && !url.password
}

/** Loopback origins as a content security policy names them. */
export const loopbackSources: readonly string[] = ['http', 'https'].flatMap((scheme) =>
  ['localhost', '*.localhost', '127.0.0.1'].map((host) => `${scheme}://${host}:*`),
)

/** What a server of https proves itself with; both are PEM. */
export interface TlsOptions {
  /** The private key. */
  readonly key: string
  /** The certificate, with those above it. */
  readonly cert: string
}

/** Listens on 127.0.0.1 and, where the machine has it, on ::1; port 0 takes a free one. Speaks https where `tls` is given. */
export async function listenOnLoopback(
  { port, tls }: { readonly port: number; readonly tls: TlsOptions | undefined },
  listener: RequestListener,
): Promise<LoopbackListener> {
  const createOne = (): Server =>
    tls === undefined ? createServer(options, listener) : createTlsServer({ ...options, ...tls }, listener)
  for (let attempt = 1; ; attempt += 1) {
    const first = await listen(createOne(), port, '127.0.0.1')
    const taken = (first.address() as AddressInfo).port
    try {
      const second = await listen(createOne(), taken, '::1')
      return { port: taken, close: () => closeAll([first, second]) }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return { port: taken, close: () => closeAll([first]) }
      await closeAll([first])
      if (code !== 'EADDRINUSE' || port !== 0 || attempt === 5) throw error
    }
  }
}

function listen(server: Server, port: number, address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => resolve(server))
  })
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  for (const server of servers) {
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  }
}
