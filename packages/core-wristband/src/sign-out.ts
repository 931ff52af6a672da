import { checkOptions, invalidOption, parseWebUrl } from '@latchkey/core/provider'
import type { Application } from './application.ts'
import { type TenantReference, tenantName } from './tenant-name.ts'

/** Where a sign-out at Wristband begins and ends. */
export interface SignOutOptions {
  /** The tenant whose sign-on at Wristband ends; null where it is not known. */
  readonly tenant: TenantReference | null
  /** Where Wristband sends the browser then: registered there, https, or http on loopback. */
  readonly returnTo?: URL
  /** Handed back in the query: 512 characters at most. */
  readonly state?: string
}

const maximumStateLength = 512

/** The URL that ends a sign-on at Wristband. See {@link Wristband.signOutUrl}. */
export function signOutUrl({ clientId, domains }: Application, options: SignOutOptions): URL {
  check(options)
  const { tenant, returnTo, state } = options
  if (tenant === null) {
    return returnTo ?? withQuery(`${domains.applicationOrigin}/login`, { client_id: clientId })
  }
  return withQuery(`${domains.tenantOrigin(tenantName(tenant.name))}/api/v1/logout`, {
    client_id: clientId,
    ...(returnTo && { redirect_url: returnTo.href }),
    ...(state !== undefined && { state }),
  })
}

function check(options: SignOutOptions): void {
  checkOptions('signOutUrl', options, ['tenant', 'returnTo', 'state'])
  const { returnTo, state = '' } = options
  if (returnTo !== undefined && parseWebUrl(returnTo.href) === null) {
    throw invalidOption('signOutUrl', 'returnTo', 'must be an https URL (http on loopback) without a fragment')
  }
  if (state.length > maximumStateLength) {
    throw invalidOption('signOutUrl', 'state', `must have at most ${maximumStateLength} characters`)
  }
}

function withQuery(endpoint: string, parameters: Readonly<Record<string, string>>): URL {
  const url = new URL(endpoint)
  url.search = new URLSearchParams(parameters).toString()
  return url
}
