import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { expressError } from './errors.ts'

/** A listener for the `upgrade` event of a server. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** The connection of a handshake, as the `upgrade` event gives it. */
export interface Upgrade {
  /** The connection, which the handler takes over. */
  readonly socket: Duplex
  /** What the client has sent by then of the new protocol. */
  readonly head: Buffer
}

const upgrades = new WeakMap<IncomingMessage, { readonly taken: Upgrade; detach(): void }>()

/**
 * Has an app answer the handshakes of a server as it answers requests: its middleware, routers and guards stand before a
 * WebSocket, too. A handler takes the connection by {@link upgradeOf}; whatever else answers closes it.
 *
 * @example server.on('upgrade', upgradeListener(app))
 */
export function upgradeListener(app: (request: IncomingMessage, response: ServerResponse) => unknown): UpgradeListener {
  return (request, socket, head) => {
    const response = new ServerResponse(request)
    // The parser of the server has left the connection: it can take one answer, and no other request.
    response.shouldKeepAlive = false
    response.assignSocket(socket as Socket)
    const fail = (): unknown => socket.destroy()
    socket.on('error', fail)
    response.once('finish', () => socket.end())
    upgrades.set(request, {
      taken: { socket, head },
      detach() {
        response.detachSocket(socket as Socket)
        socket.off('error', fail)
      },
    })
    app(request, response)
  }
}

/**
 * Takes the connection of a handshake, in the handler of a route: once, and for good. The response to it is nobody's then.
 *
 * @example const { socket, head } = upgradeOf(request)
 * @throws `express/no_upgrade`
 */
export function upgradeOf(request: IncomingMessage): Upgrade {
  const upgrade = upgrades.get(request)
  if (upgrade === undefined) throw expressError('express/no_upgrade')
  upgrades.delete(request)
  upgrade.detach()
  return upgrade.taken
}
