import { findTenant, type Tenant } from '../seed.ts'
import { readCookie } from '../server/cookies.ts'
import { messagePage } from '../server/page.ts'
import type { SsoSession, WristbandState } from './state.ts'

export const vendor = 'Wristband'
export const sessionCookie = 'latchkey-emulator-wristband-sso'

/** The tenant that a request's host names: `acme.localhost:4001` is acme's. */
export const tenantOf = (request: Request): Tenant | undefined =>
  findTenant(new URL(request.url).hostname.slice(0, -'.localhost'.length))

/** Who is signed in at this tenant in this browser. */
export function currentSession(state: WristbandState, request: Request, tenant: Tenant): SsoSession | undefined {
  const session = state.sessions.get(readCookie(request, sessionCookie))
  return session?.tenant === tenant ? session : undefined
}

/** The origin of a tenant's host. */
export const tenantUrl = (state: WristbandState, tenant: Tenant): string =>
  `http://${tenant.name}.${new URL(state.url).host}`

/** Wristband shows its own page where it cannot trust the way back to the application. */
export const errorPage = (text: string, status = 400): Response =>
  messagePage(vendor, { status, title: 'This sign-in cannot go on', text })

export const unknownTenantPage = (): Response => errorPage('No tenant has this host.', 404)
