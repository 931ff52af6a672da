import type { IncomingHttpHeaders } from 'node:http'

/** A request as it came over the wire, and what the login route answered. */
export interface Asked {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly response: Response
}

/** What has arrived at each address. */
export interface Arrivals {
  add(url: string, asked: Asked): void
  /** The first request for an address that is one of those that are meant, once it is there. */
  wait(url: string, isMeant: (asked: Asked) => boolean): Promise<Asked>
  forget(url: string): void
}

export function createArrivals(): Arrivals {
  const arrived = new Map<string, readonly Asked[]>()
  const listeners = new Set<() => void>()
  return {
    add(url, asked) {
      arrived.set(url, [...(arrived.get(url) ?? []), asked])
      for (const listener of listeners) listener()
    },
    wait: (url, isMeant) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = arrived.get(url)?.find(isMeant)
          if (found === undefined) return
          listeners.delete(look)
          resolve(found)
        }
        listeners.add(look)
        look()
      }),
    forget: (url) => void arrived.delete(url),
  }
}
