import { clients } from '../seed.ts'
import { clearCookie, readCookie } from '../server/cookies.ts'
import { redirectTo } from '../server/page.ts'
import type { Handler } from '../server/router.ts'
import type { WristbandState } from './state.ts'
import {
  errorPage,
  fillTenantName,
  isOfThisMachine,
  sessionCookie,
  tenantHostOf,
  tenantLoginUrl,
  unknownTenantPage,
} from './tenant-host.ts'

function isLogoutUrl({ application: { logoutUrls } }: WristbandState, url: string): boolean {
  return logoutUrls.size === 0 ? isOfThisMachine(url) : logoutUrls.has(url)
}

const maxStateLength = 512

/** GET /api/v1/logout on a tenant's host: ends the tenant's single sign-on and goes on. */
export const logout =
  (state: WristbandState): Handler =>
  (request) => {
    const host = tenantHostOf(state, request)
    if (!host) return unknownTenantPage()
    const query = new URL(request.url).searchParams
    const target = query.get('redirect_url')
    const passedOn = query.get('state')
    if (query.get('client_id') !== clients.wristband.clientId) return errorPage('The client is unknown.')
    if (target !== null && !isLogoutUrl(state, target)) return errorPage('The redirect URL is not registered.')
    if (passedOn && passedOn.length > maxStateLength) return errorPage('The state is longer than 512 characters.')

    state.sessions.delete(readCookie(request, sessionCookie) ?? '')
    const { tenant, customDomain } = host
    const url = target === null ? tenantLoginUrl(state, tenant, customDomain) : fillTenantName(target, tenant)
    if (passedOn !== null) url.searchParams.set('state', passedOn)
    return redirectTo(url.href, { cookies: [clearCookie(sessionCookie)] })
  }
