import type { AuthContext } from '../context/auth-context.ts'
import type { RequestSession } from '../context/request-session.ts'
import { type OpenedTicket, openTicket, type TicketScope } from '../login/ticket.ts'
import { isFromOwnPage } from '../request/own-page.ts'
import { requestQuery } from '../request/request-like.ts'
import { type ReturnTarget, returnTargetOrRoot } from '../request/return-to.ts'

/** How a login began, as far as the request to its route and the ticket that it brings show. */
export interface LoginStart {
  /** Whether a page of ours began it in the session that is alive now: only such a login may link. */
  readonly isProven: boolean
  /** The return target of a login that has been elsewhere meanwhile; null where there is no ticket. */
  readonly returnTo: ReturnTarget | null
}

/**
 * Tells how a login began. The ticket is the `state` of the query: a vendor's page on which users find their tenant hands
 * it back, and our own callback gives one to a login that begins again. One that is not ours, or of another login, is left
 * out of account; of one that was used before only the return target counts.
 *
 * @throws `auth/store_unavailable`
 */
export async function loginStart(
  context: AuthContext,
  { own, record }: RequestSession,
  { provider, request, isLogin }: { readonly provider: string; readonly request: Request; readonly isLogin: boolean },
): Promise<LoginStart> {
  const { origin } = own
  const isProven = isFromOwnPage(request, { origin, trustedOrigins: context.trustedOrigins })
  const [state, ...others] = isLogin ? requestQuery(request).getAll('state') : []
  if (state === undefined || others.length > 0) return { isProven, returnTo: null }
  // A user who looks for a tenant at the main origin comes back at that tenant's host.
  const ticket = await openAtOneOf([...new Set([origin, context.origins.primary])], { ...context, provider }, state)
  if (ticket === null) return { isProven, returnTo: null }
  const isOfSession = ticket.familyId !== null && ticket.familyId === record?.familyId
  return {
    isProven: isProven || (isOfSession && (await context.vault.markUsed('ticket', ticket.id, ticket.remainingSeconds))),
    returnTo: returnTargetOrRoot(ticket.returnTo, { ...context, origin }),
  }
}

async function openAtOneOf(
  origins: readonly string[],
  scope: Omit<TicketScope, 'origin'>,
  state: string,
): Promise<OpenedTicket | null> {
  for (const origin of origins) {
    const ticket = await openTicket({ ...scope, origin }, state)
    if (ticket !== null) return ticket
  }
  return null
}
