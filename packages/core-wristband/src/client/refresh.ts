import { readUnverifiedClaims } from '@latchkey/core/crypto'
import {
  type AuthError,
  type ErrorCode,
  invalidOption,
  isAuthError,
  type JsonObject,
  type RefreshResult,
  type Tokens,
} from '@latchkey/core/provider'
import { refreshFailure, refreshTokens, requestUserinfo, revokeToken, storedTokens } from '@latchkey/oidc'
import type { Application } from '../application/application.ts'
import { wristbandError } from '../model/errors.ts'
import type { WristbandIdentity, WristbandProfile, WristbandTokens } from '../model/identity.ts'
import { expectedTenantId, provenTenantId } from '../tenant/proof.ts'
import { parseCustomDomain, tenantName } from '../tenant/reference.ts'
import { accessTokenClaims } from './access-token.ts'
import { profileOf } from './userinfo.ts'

/** Whose tokens are refreshed. */
type RefreshedUser = Pick<WristbandIdentity, 'subject' | 'tenant'>

/** New tokens of the same user, and what they say. */
interface RefreshedLogin {
  readonly tokens: WristbandTokens & { readonly accessToken: string }
  /** The claims of each verified token. */
  readonly sources: readonly JsonObject[]
}

/** Refreshes tokens, and proves the tenant. See {@link WristbandClient.refresh}. */
export async function refresh(
  application: Application,
  tokens: Tokens,
  user: RefreshedUser = userOf(tokens),
): Promise<Tokens> {
  const refreshed = await exchange(application, tokens, user)
  if (provenTenantId(refreshed.sources, user.tenant?.id) === undefined || !isNamed(refreshed.sources, user)) {
    const { accessToken } = refreshed.tokens
    const userinfo = await requestUserinfo(application.oidc, { accessToken, subject: user.subject })
    const sources = [...refreshed.sources, userinfo]
    if (provenTenantId(sources, user.tenant?.id) === undefined) throw wristbandError('wristband/tenant_missing')
  }
  return refreshed.tokens
}

/** Whether a verified token names the user: an access token may say nothing of them, and then userinfo must. */
function isNamed(sources: readonly JsonObject[], { subject }: RefreshedUser): boolean {
  return sources.some(({ sub }) => sub === subject)
}

/**
 * Exchanges the refresh token; what comes back must belong to the same user, and not say that it is another tenant's.
 *
 * @throws `wristband/refresh_token_invalid`, `wristband/refresh_refused`, `wristband/tenant_unknown`,
 *   `wristband/tenant_mismatch`, and the `oidc/…` codes of a refresh
 */
async function exchange(
  application: Application,
  { refreshToken, nonce, tenantName: signInName }: WristbandTokens,
  { subject, tenant }: RefreshedUser,
): Promise<RefreshedLogin> {
  if (refreshToken === undefined) throw wristbandError('wristband/refresh_token_invalid')
  // Before anything is spent: a rotated token that is refused afterwards is lost.
  await requireKnownTenant(application, tenant)
  const result = await refreshTokens(application.oidc, refreshToken, { subject, nonce })
  if (result.kind === 'refused') {
    const code = result.error === 'invalid_grant' ? 'refresh_token_invalid' : 'refresh_refused'
    throw wristbandError(`wristband/${code}`, { cause: { error: result.error } })
  }
  const { tokens, claims } = result
  const { accessToken } = tokens
  const isJwt = readUnverifiedClaims(accessToken) !== null
  const sources = [
    ...(claims === null ? [] : [claims]),
    ...(isJwt ? [await accessTokenClaims(application, accessToken, 'trusted')] : []),
  ]
  provenTenantId(sources, tenant?.id)
  const kept = { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken }
  const stored = storedTokens(kept, { now: application.clock(), nonce })
  return { tokens: signInName === undefined ? stored : { ...stored, tenantName: signInName }, sources }
}

/** The app's record may have changed since the user signed in. */
async function requireKnownTenant({ resolveTenantId }: Application, tenant: RefreshedUser['tenant']): Promise<void> {
  if (tenant?.name === undefined) return
  const expected = await expectedTenantId({ name: tenantName(tenant.name), customDomain: null }, resolveTenantId)
  if (expected !== undefined && expected !== tenant.id) throw wristbandError('wristband/tenant_mismatch')
}

/** Whom the tokens at hand are about, by the access token, which was verified when it came. */
function userOf({ accessToken }: Tokens): RefreshedUser {
  const { sub: subject, tnt_id: tenantId } = readUnverifiedClaims(accessToken) ?? {}
  if (typeof subject !== 'string') {
    throw invalidOption('refresh', 'identity', 'is needed where access tokens are no JWTs')
  }
  return { subject, tenant: typeof tenantId === 'string' ? { id: tenantId } : undefined }
}

/** The tokens are there already: a slow description must not cost them. */
const userinfoDeadlineSeconds = 2

/** Refusals that end a sign-in, though their status is not 401, or under another name. */
const endings: Readonly<Record<string, string>> = {
  'wristband/refresh_token_invalid': 'invalid_grant',
  'wristband/tenant_mismatch': 'tenant_changed',
  'wristband/tenant_unknown': 'tenant_unknown',
  'wristband/tenant_missing': 'tenant_missing',
}

/**
 * Refreshes the tokens of an identity, and with them the profile, so that a role that was taken away does not outlive
 * them. What Wristband ended has ended, and so has what comes back as another user's or tenant's. While Wristband or the
 * app's record of tenants fails, the tokens stay as they are. A profile that cannot be made stays as it was: the new
 * tokens are kept all the same, for the old ones may be spent.
 *
 * @param onProfileKept Called with the reason why there is no new profile.
 */
export async function refreshIdentity(
  application: Application,
  { tokens, identity }: { readonly tokens: Tokens; readonly identity: WristbandIdentity },
  onProfileKept: (code: ErrorCode) => void,
): Promise<RefreshResult<WristbandProfile>> {
  try {
    const refreshed = await exchange(application, tokens, identity)
    const userinfo = await userinfoOf(application, refreshed, identity)
    if (isAuthError(userinfo)) {
      if (!isNamed(refreshed.sources, identity)) throw userinfo
      onProfileKept(userinfo.code)
    }
    const sources = isAuthError(userinfo) ? refreshed.sources : [...refreshed.sources, userinfo]
    if (provenTenantId(sources, identity.tenant?.id) === undefined) throw wristbandError('wristband/tenant_missing')
    if (isAuthError(userinfo)) return { kind: 'refreshed', tokens: refreshed.tokens }
    const profile = await newProfile(application, userinfo, identity.profile).catch((error: unknown) => {
      if (!isAuthError(error)) throw error
      onProfileKept(error.code)
      return undefined
    })
    return { kind: 'refreshed', tokens: refreshed.tokens, profile }
  } catch (error) {
    return refreshFailure(error, endings)
  }
}

/** The error if userinfo fails; thrown if it describes another user. */
async function userinfoOf(
  { oidc }: Application,
  { tokens: { accessToken } }: RefreshedLogin,
  { subject }: WristbandIdentity,
): Promise<JsonObject | AuthError> {
  try {
    return await requestUserinfo(oidc, { accessToken, subject }, { deadlineSeconds: userinfoDeadlineSeconds })
  } catch (error) {
    if (!isAuthError(error) || error.code === 'oidc/subject_mismatch') throw error
    return error
  }
}

async function newProfile(
  application: Application,
  userinfo: JsonObject,
  { tenantCustomDomain }: WristbandProfile,
): Promise<WristbandProfile> {
  return profileOf(application, userinfo, parseCustomDomain(tenantCustomDomain))
}

/** Nobody waits long for a sign-out. */
const deadlineSeconds = 2

/** Revokes the refresh token, if there is one. See {@link WristbandClient.revoke}. */
export async function revoke({ oidc }: Application, { refreshToken }: Tokens): Promise<void> {
  if (refreshToken === undefined) return
  await revokeToken(oidc, refreshToken, { hint: 'refresh_token', deadlineSeconds })
}
