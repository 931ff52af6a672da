import { invalidOption, type JsonObject } from '@latchkey/core/provider'
import { accessTokenClaims, unverifiedClaims } from './access-token.ts'
import type { Application } from './application.ts'
import { credentialsOf, type WristbandCredentials } from './credentials.ts'
import { wristbandError } from './errors.ts'
import type { WristbandIdentity } from './identity.ts'
import { tenantName } from './tenant-name.ts'
import { expectedTenantId, provenTenantId } from './tenant-proof.ts'

/** Whose tokens are refreshed. */
export type RefreshedPerson = Pick<WristbandIdentity, 'subject' | 'tenant'>

/** New tokens of the same person, and what they say. */
export interface RefreshedLogin {
  readonly credentials: WristbandCredentials & { readonly accessToken: string }
  /** The claims of each verified token. */
  readonly sources: readonly JsonObject[]
}

/** Refreshes tokens, and proves the tenant. See {@link Wristband.refresh}. */
export async function refresh(
  application: Application,
  credentials: WristbandCredentials,
  person: RefreshedPerson = personOf(credentials),
): Promise<WristbandCredentials> {
  const refreshed = await refreshTokens(application, credentials, person)
  if (provenTenantId(refreshed.sources, person.tenant?.id) === undefined) {
    const userinfo = await application.oidc.userinfo(refreshed.credentials.accessToken, person.subject)
    if (provenTenantId([userinfo], person.tenant?.id) === undefined) throw wristbandError('wristband/tenant_missing')
  }
  return refreshed.credentials
}

/**
 * Exchanges the refresh token; what comes back must belong to the same person, and not say that it is another tenant's.
 *
 * @throws `wristband/refresh_token_invalid`, `wristband/refresh_refused`, `wristband/tenant_unknown`,
 *   `wristband/tenant_mismatch`, and the `oidc/…` codes of a refresh
 */
export async function refreshTokens(
  application: Application,
  credentials: WristbandCredentials,
  { subject, tenant }: RefreshedPerson,
): Promise<RefreshedLogin> {
  const { refreshToken, nonce } = credentials
  if (refreshToken === undefined) throw wristbandError('wristband/refresh_token_invalid')
  // Before anything is spent: a rotated token that is refused afterwards is lost.
  await requireKnownTenant(application, tenant)
  const result = await application.oidc.refresh(refreshToken, { subject, ...(nonce !== undefined && { nonce }) })
  if (result.kind === 'refused') {
    const code = result.error === 'invalid_grant' ? 'refresh_token_invalid' : 'refresh_refused'
    throw wristbandError(`wristband/${code}`, { cause: { error: result.error } })
  }
  const { tokens, claims } = result
  const { accessToken } = tokens
  const sources = [
    ...(claims === null ? [] : [claims]),
    ...(unverifiedClaims(accessToken) === null ? [] : [await accessTokenClaims(application, accessToken, 'trusted')]),
  ]
  provenTenantId(sources, tenant?.id)
  const kept = { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken }
  return { credentials: { ...credentialsOf(kept, { now: application.clock(), nonce }), accessToken }, sources }
}

/** The app's record may have changed since the person signed in. */
async function requireKnownTenant({ tenantId }: Application, tenant: RefreshedPerson['tenant']): Promise<void> {
  if (tenant?.name === undefined) return
  const expected = await expectedTenantId({ name: tenantName(tenant.name), customDomain: null }, tenantId)
  if (expected !== undefined && expected !== tenant.id) throw wristbandError('wristband/tenant_mismatch')
}

/** Whom the tokens at hand are about, by the access token, which was verified when it came. */
function personOf({ accessToken = '' }: WristbandCredentials): RefreshedPerson {
  const { sub, tnt_id: tenantId } = unverifiedClaims(accessToken) ?? {}
  if (typeof sub !== 'string') throw invalidOption('refresh', 'person', 'is needed where access tokens are no JWTs')
  return { subject: sub, ...(typeof tenantId === 'string' && { tenant: { id: tenantId } }) }
}
