import {
  type Tokens,
  type Identity,
  invalidOption,
  isAuthError,
  type JsonObject,
  type RefreshResult,
} from '@latchkey/core/provider'
import type { Application } from '../application/application.ts'
import { wristbandError } from '../model/errors.ts'
import type { WristbandIdentity, WristbandProfile } from '../model/identity.ts'
import { expectedTenantId, provenTenantId } from '../tenant/proof.ts'
import { parseCustomDomain, tenantName } from '../tenant/reference.ts'
import { accessTokenClaims, unverifiedClaims } from './access-token.ts'
import { tokensOf, type WristbandTokens } from './tokens.ts'
import { profileOf } from './userinfo.ts'

/** Whose tokens are refreshed. */
export type RefreshedUser = Pick<WristbandIdentity, 'subject' | 'tenant'>

/** New tokens of the same user, and what they say. */
export interface RefreshedLogin {
  readonly tokens: WristbandTokens & { readonly accessToken: string }
  /** The claims of each verified token. */
  readonly sources: readonly JsonObject[]
}

/** Refreshes tokens, and proves the tenant. See {@link Wristband.refresh}. */
export async function refresh(
  application: Application,
  tokens: WristbandTokens,
  user: RefreshedUser = userKey(tokens),
): Promise<WristbandTokens> {
  const refreshed = await refreshTokens(application, tokens, user)
  if (provenTenantId(refreshed.sources, user.tenant?.id) === undefined) {
    const userinfo = await application.oidc.userinfo(refreshed.tokens.accessToken, user.subject)
    if (provenTenantId([userinfo], user.tenant?.id) === undefined) throw wristbandError('wristband/tenant_missing')
  }
  return refreshed.tokens
}

/**
 * Exchanges the refresh token; what comes back must belong to the same user, and not say that it is another tenant's.
 *
 * @throws `wristband/refresh_token_invalid`, `wristband/refresh_refused`, `wristband/tenant_unknown`,
 *   `wristband/tenant_mismatch`, and the `oidc/…` codes of a refresh
 */
async function refreshTokens(
  application: Application,
  tokens: WristbandTokens,
  { subject, tenant }: RefreshedUser,
): Promise<RefreshedLogin> {
  const { refreshToken, nonce } = tokens
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
  return { tokens: { ...tokensOf(kept, { now: application.clock(), nonce }), accessToken }, sources }
}

/** The app's record may have changed since the user signed in. */
async function requireKnownTenant({ tenantId }: Application, tenant: RefreshedUser['tenant']): Promise<void> {
  if (tenant?.name === undefined) return
  const expected = await expectedTenantId({ name: tenantName(tenant.name), customDomain: null }, tenantId)
  if (expected !== undefined && expected !== tenant.id) throw wristbandError('wristband/tenant_mismatch')
}

/** Whom the tokens at hand are about, by the access token, which was verified when it came. */
function userKey({ accessToken = '' }: WristbandTokens): RefreshedUser {
  const { sub, tnt_id: tenantId } = unverifiedClaims(accessToken) ?? {}
  if (typeof sub !== 'string') throw invalidOption('refresh', 'user', 'is needed where access tokens are no JWTs')
  return { subject: sub, ...(typeof tenantId === 'string' && { tenant: { id: tenantId } }) }
}

/** The tokens are there already: a slow description must not cost them. */
const userinfoDeadlineSeconds = 2

/**
 * Refreshes the tokens of an identity, and with them the profile, so that a role that was taken away does not outlive them.
 * Ended is what Wristband ended, and what comes back as another user's or tenant's.
 */
export async function refresh(application: Application, tokens: Tokens, identity: Identity): Promise<RefreshResult> {
  try {
    const refreshed = await refreshTokens(application, tokens, identity)
    const userinfo = await userinfoOf(application, refreshed, identity)
    const sources = userinfo === null ? refreshed.sources : [...refreshed.sources, userinfo]
    if (provenTenantId(sources, identity.tenant?.id) === undefined) throw wristbandError('wristband/tenant_missing')
    const profile = userinfo === null ? null : await newProfile(userinfo, identity.profile)
    return { kind: 'refreshed', tokens: refreshed.tokens, ...(profile !== null && { profile }) }
  } catch (error) {
    return refreshAfter(error)
  }
}

/** Null where userinfo fails, but not where it describes somebody else. */
async function userinfoOf(
  { oidc }: Application,
  { tokens }: RefreshedLogin,
  { subject }: Identity,
): Promise<JsonObject | null> {
  try {
    return await oidc.userinfo(tokens.accessToken, subject, { deadlineSeconds: userinfoDeadlineSeconds })
  } catch (error) {
    if (isAuthError(error) && error.code === 'oidc/subject_mismatch') throw error
    return null
  }
}

async function newProfile(
  userinfo: JsonObject,
  { tenantCustomDomain }: WristbandProfile,
): Promise<WristbandProfile | null> {
  return profileOf(userinfo, parseCustomDomain(tenantCustomDomain)).catch(() => null)
}

const endings: Readonly<Record<string, string>> = {
  'wristband/refresh_token_invalid': 'invalid_grant',
  'wristband/tenant_mismatch': 'tenant_changed',
  'wristband/tenant_unknown': 'tenant_unknown',
  'wristband/tenant_missing': 'tenant_missing',
}

/** A token that was refused ends the identity; a vendor that fails, or an app whose record does, is tried again. */
function refreshAfter(error: unknown): RefreshResult {
  if (!isAuthError(error)) throw error
  const { code, status, cause } = error
  const ending = endings[code] ?? (status === 401 ? code.slice(code.indexOf('/') + 1) : undefined)
  if (ending !== undefined) return { kind: 'ended', reason: ending }
  const wait = (cause as JsonObject | undefined)?.['retryAfterSeconds']
  return { kind: 'failed', code, ...(typeof wait === 'number' && { retryAfterSeconds: wait }) }
}

/** Nobody waits long for a sign-out. */
const deadlineSeconds = 2

/** Revokes the refresh token, if there is one. See {@link Wristband.revoke}. */
export async function revoke({ oidc }: Application, { refreshToken }: Tokens): Promise<void> {
  if (refreshToken === undefined) return
  await oidc.revoke(refreshToken, { hint: 'refresh_token', deadlineSeconds })
}
