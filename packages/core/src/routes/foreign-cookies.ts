import type { Exchange } from '../exchange.ts'
import type { Wiring } from '../wiring.ts'

/** Expires what the scripts of one provider's vendor have left in this browser; see `MountedProvider.foreignCookies`. */
export function expireForeignCookies(wiring: Wiring, { cookies }: Exchange, provider: string): void {
  for (const name of wiring.providers.get(provider)?.foreignCookies ?? []) {
    if (cookies.sent.namesWith(name).includes(name)) cookies.response.expire(name)
  }
}
