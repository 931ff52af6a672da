import { decodeBase64url, encodeBase64url, randomToken } from '../crypto/index.ts'
import type { Seconds } from '../model/time.ts'
import type { Vault } from '../vault/vault.ts'

/** What a login is begun with that has been elsewhere meanwhile: at a vendor's page, or at a callback that begins again. */
export interface LoginTicket {
  /** The family of the session in which a page of ours began the login; null where none did. */
  readonly familyId: string | null
  /** Where the user goes afterwards, as it was given. */
  readonly returnTo: string
}

/** A ticket that is ours, and not too old. */
export interface OpenedTicket extends LoginTicket {
  readonly id: string
  readonly remainingSeconds: Seconds
}

/** What a ticket is good for: one provider's login at one of our origins. */
export interface TicketScope {
  readonly vault: Vault
  readonly clock: () => Seconds
  readonly provider: string
  readonly origin: string
}

/** Vendors carry no more through the pages on which users find their tenant. */
const mostCharacters = 450

const lifetimeSeconds = 600

const macPurpose = 'login-ticket'

/**
 * Makes a ticket of at most 450 characters, authenticated, good for 10 minutes. URL-safe. A return target that does not
 * fit is left out.
 */
export async function makeTicket(scope: TicketScope, { familyId, returnTo }: LoginTicket): Promise<string> {
  const start = `${randomToken(16)}.${scope.clock() + lifetimeSeconds}.${familyId ?? ''}`
  const make = async (target: string): Promise<string> => {
    const content = `${start}.${encodeBase64url(new TextEncoder().encode(target))}`
    return `${content}.${await scope.vault.mac(macPurpose, authenticated(scope, content))}`
  }
  const ticket = await make(returnTo)
  return ticket.length <= mostCharacters ? ticket : make('/')
}

/** Opens a ticket; null for anything that is not ours, for another login, or too old. */
export async function openTicket(scope: TicketScope, ticket: string): Promise<OpenedTicket | null> {
  const end = ticket.lastIndexOf('.')
  if (ticket.length > mostCharacters || end < 1) return null
  const content = ticket.slice(0, end)
  const isOurs = await scope.vault.checkMac(macPurpose, authenticated(scope, content), ticket.slice(end + 1))
  if (!isOurs) return null
  const [id = '', expiresAt = '', familyId = '', target = ''] = content.split('.')
  const remainingSeconds = Number(expiresAt) - scope.clock()
  if (remainingSeconds <= 0) return null
  const returnTo = new TextDecoder().decode(decodeBase64url(target) ?? new Uint8Array())
  return { id, remainingSeconds, familyId: familyId === '' ? null : familyId, returnTo }
}

function authenticated({ provider, origin }: TicketScope, content: string): string {
  return `${provider} ${origin} ${content}`
}
