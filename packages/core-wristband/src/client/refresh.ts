import { readUnverifiedClaims } from '@latchkey/core/crypto'
import {
  type AuthError,
  invalidOption,
  isAuthError,
  type JsonObject,
  type RefreshResult,
  type Tokens,
} from '@latchkey/core/provider'
import { refreshFailure, refreshStoredTokens, requestUserinfo, requestUserinfoAgain, revokeToken } from '@latchkey/oidc'
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
  /** Those of the ID token; null where none came. */
  readonly signed: JsonObject | null
}

/** Refreshes tokens, and proves the tenant. See {@link WristbandClient.refresh}. */
export async function refresh(
  application: Application,
  tokens: Tokens,
  user: RefreshedUser = userOf(tokens),
): Promise<Tokens> {
  return exchange(application, { tokens, user }, async ({ tokens: refreshed, sources }) => {
    if (provenTenantId(sources, user.tenant?.id) === undefined || !isNamed(sources, user)) {
      const { accessToken } = refreshed
      const { oidc } = await application.connection()
      const userinfo = await requestUserinfo(oidc, { accessToken, subject: user.subject })
      const proven = provenTenantId([...sources, userinfo], user.tenant?.id)
      if (proven === undefined) throw wristbandError('wristband/tenant_missing')
    }
    return refreshed
  })
}

/** Whether a verified token names the user: an access token may say nothing of them, and then userinfo must. */
function isNamed(sources: readonly JsonObject[], { subject }: RefreshedUser): boolean {
  return sources.some(({ sub }) => sub === subject)
}

/**
 * Exchanges the refresh token, and does with the answer what depends on it; what comes back must belong to the same user, and
 * not say that it is another tenant's.
 *
 * @throws `wristband/refresh_token_invalid`, `wristband/refresh_refused`, `wristband/tenant_unknown`,
 *   `wristband/tenant_mismatch`, and the `oidc/…` codes of a refresh
 */
async function exchange<Result>(
  application: Application,
  { tokens, user }: { readonly tokens: WristbandTokens; readonly user: RefreshedUser },
  complete: (login: RefreshedLogin) => Promise<Result>,
): Promise<Result> {
  const { refreshToken, nonce, tenantName: signInName } = tokens
  const { subject, tenant } = user
  if (refreshToken === undefined) throw wristbandError('wristband/refresh_token_invalid')
  // Before anything is spent: a rotated token that is refused afterwards is lost.
  await requireKnownTenant(application, tenant)
  const { oidc } = await application.connection()
  const refreshed = await refreshStoredTokens(
    oidc,
    { refreshToken, nonce, subject },
    async ({ tokens: fresh, claims }) => {
      const { accessToken } = fresh
      const isJwt = readUnverifiedClaims(accessToken) !== null
      const sources = [
        ...(claims === null ? [] : [claims]),
        ...(isJwt ? [await accessTokenClaims(application, accessToken, 'trusted')] : []),
      ]
      provenTenantId(sources, tenant?.id)
      const kept = signInName === undefined ? fresh : { ...fresh, tenantName: signInName }
      return complete({ tokens: kept, sources, signed: claims })
    },
  )
  if (refreshed.kind === 'completed') return refreshed.result
  const { error } = refreshed
  const code = error === 'invalid_grant' ? 'refresh_token_invalid' : 'refresh_refused'
  throw wristbandError(`wristband/${code}`, { cause: { error } })
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
  onProfileKept: (why: AuthError) => void,
): Promise<RefreshResult<WristbandProfile>> {
  try {
    return await exchange(application, { tokens, user: identity }, async (login): Promise<Refreshed> => {
      const { accessToken } = login.tokens
      const { oidc } = await application.connection()
      const userinfo = await requestUserinfoAgain(oidc, { accessToken, subject: identity.subject })
      if (isAuthError(userinfo)) {
        if (!isNamed(login.sources, identity)) throw userinfo
        onProfileKept(userinfo)
      }
      const sources = isAuthError(userinfo) ? login.sources : [...login.sources, userinfo]
      if (provenTenantId(sources, identity.tenant?.id) === undefined) throw wristbandError('wristband/tenant_missing')
      if (isAuthError(userinfo)) return { kind: 'refreshed', tokens: login.tokens }
      const { signed } = login
      const customDomain = parseCustomDomain(identity.profile.tenantCustomDomain)
      const profile = await profileOf(application, { signed, userinfo }, customDomain).catch((error: unknown) => {
        if (!isAuthError(error)) throw error
        onProfileKept(error)
        return undefined
      })
      return { kind: 'refreshed', tokens: login.tokens, profile }
    })
  } catch (error) {
    return refreshFailure(error, endings)
  }
}

type Refreshed = Extract<RefreshResult<WristbandProfile>, { kind: 'refreshed' }>

/** Nobody waits long for a sign-out. */
const deadlineSeconds = 2

/** Revokes the refresh token, if there is one. See {@link WristbandClient.revoke}. */
export async function revoke({ connection }: Application, { refreshToken }: Tokens): Promise<void> {
  if (refreshToken === undefined) return
  const { oidc } = await connection()
  await revokeToken(oidc, refreshToken, { hint: 'refresh_token', deadlineSeconds })
}
