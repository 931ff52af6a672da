import type { SessionReading } from '../auth.ts'
import { type Exchange, exchangeHeaders, openExchange, refreshExchange } from '../exchange.ts'
import type { HeaderList, Incoming } from '../request/incoming.ts'
import { sessionOf } from '../session/session-record.ts'
import type { Wiring } from '../wiring.ts'

/** Reads the session of a request; where headers can still be set, renews and prolongs what is due. */
export async function readSession(wiring: Wiring, incoming: Incoming, writable: boolean): Promise<SessionReading> {
  const exchange = await openExchange(wiring, incoming, undefined)
  if (writable) await refreshExchange(wiring, exchange)
  const session = exchange.record === null ? null : sessionOf(exchange.record)
  return withHeaders({ session }, exchange)
}

/** Adds the headers of the response: they are made when they are read, so that what ended by then is not written back. */
export function withHeaders<Result extends object>(
  result: Result,
  exchange: Exchange,
): Result & { readonly headers: HeaderList } {
  return Object.defineProperty(result, 'headers', {
    enumerable: true,
    get: () => exchangeHeaders(exchange),
  }) as Result & { readonly headers: HeaderList }
}
