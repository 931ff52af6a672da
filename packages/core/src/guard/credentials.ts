import type { CredentialsReading } from '../auth.ts'
import { coreError } from '../errors/core-errors.ts'
import { openExchange, refreshExchange } from '../exchange.ts'
import type { Incoming } from '../request/incoming.ts'
import type { Wiring } from '../wiring.ts'
import { withHeaders } from './read-session.ts'

/** The tokens of one provider in the session of a request, renewed if they are due and headers can still be set. */
export async function readCredentials(
  wiring: Wiring,
  incoming: Incoming,
  { provider, writable }: { readonly provider: string; readonly writable: boolean },
): Promise<CredentialsReading> {
  const exchange = await openExchange(wiring, incoming, undefined)
  if (writable) await refreshExchange(wiring, exchange)
  const cause = { cause: { provider } }
  if (exchange.record === null) throw coreError('auth/session_required', cause)
  const credentials = exchange.record.credentials[provider]
  if (credentials === undefined) throw coreError('auth/credentials_missing', cause)
  if (credentials.expiresAt !== undefined && credentials.expiresAt <= wiring.clock()) {
    throw coreError('auth/credentials_unavailable', cause)
  }
  return withHeaders({ credentials }, exchange)
}
