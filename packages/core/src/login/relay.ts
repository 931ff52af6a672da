import type { Incoming } from '../request/incoming.ts'
import { requestTarget } from '../request/incoming.ts'
import { seeOther } from '../routes/see-other.ts'
import type { Wiring } from '../wiring.ts'
import { readState } from './state.ts'

/**
 * Sends a callback that came to the callback origin on to the host that its login began on, as its authenticated `state`
 * says. Opens no cookie. Null where the request is to be handled here.
 */
export async function relayCallback(wiring: Wiring, incoming: Incoming, provider: string): Promise<Response | null> {
  const { callbackOrigin, origins, vault } = wiring
  if (callbackOrigin === null) return null
  const { path, query } = requestTarget(incoming)
  const content = await readState(vault, provider, new URLSearchParams(query).get('state') ?? '')
  const origin = content === null ? null : origins.ofHost(content.host)
  const isHere = !origins.isCallbackOnly(incoming) && origins.resolve(incoming).origin === origin
  return origin === null || isHere ? null : seeOther(`${origin}${path}${query}`)
}
