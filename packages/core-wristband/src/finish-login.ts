import type { Credentials, JsonObject } from '@latchkey/core/provider'
import type { OidcLoginResult, OidcTokens } from '@latchkey/oidc'
import { accessTokenClaims, isJwt } from './access-token.ts'
import type { Application } from './application.ts'
import { authenticationTime } from './authentication-time.ts'
import { wristbandError } from './errors.ts'
import type { WristbandIdentity } from './identity.ts'
import { parseTenantName, type TenantName, type TenantReference, tenantName } from './tenant-name.ts'
import { expectedTenantId, provenTenantId } from './tenant-proof.ts'
import { transactionLifetimeSeconds, type WristbandTransaction } from './transaction.ts'
import { profileOf, subjectOf } from './userinfo.ts'

/** How a sign-in ends: with a person, or by beginning again at the same tenant. */
export type LoginResult =
  | {
      readonly kind: 'completed'
      readonly identity: WristbandIdentity
      readonly credentials: Credentials
      readonly returnTo: string | null
    }
  | {
      readonly kind: 'restart'
      readonly reason: 'missing_login_state' | 'login_required' | 'invalid_grant'
      readonly tenant: TenantReference | null
    }

/** The access token is due this long before it expires. */
const renewalMarginSeconds = 60

/** Ends a sign-in at our callback. See {@link Wristband.finishLogin}. */
export async function finishLogin(
  application: Application,
  callback: URL,
  transaction: WristbandTransaction | null,
): Promise<LoginResult> {
  if (transaction === null) return { kind: 'restart', reason: 'missing_login_state', tenant: tenantHint(callback) }
  if (application.clock() - transaction.issuedAt > transactionLifetimeSeconds) {
    throw wristbandError('wristband/login_expired')
  }
  const tenant = tenantName(transaction.tenant)
  const named = callback.searchParams.getAll('tenant_name')
  if (named.some((name) => parseTenantName(name) !== tenant)) throw wristbandError('wristband/tenant_mismatch')

  const result = await application.oidc.finishLogin(callback, transaction)
  if (result.kind === 'refused') return { kind: 'restart', reason: restartReason(result), tenant: { name: tenant } }
  const { tokens, claims } = result
  return {
    kind: 'completed',
    identity: await identify(application, { tenant, transaction, tokens, claims }),
    credentials: credentialsOf(tokens),
    returnTo: transaction.returnTo,
  }
}

interface VerifiedLogin {
  readonly tenant: TenantName
  readonly transaction: WristbandTransaction
  readonly tokens: OidcTokens
  /** Of the verified ID token. */
  readonly claims: JsonObject
}

async function identify(application: Application, login: VerifiedLogin): Promise<WristbandIdentity> {
  const { tenant, transaction, tokens, claims } = login
  const now = application.clock()
  const subject = subjectOf(claims)
  const authenticatedAt = authenticationTime(claims.auth_time, transaction, now)
  const expected = await expectedTenantId(tenant, application.tenantId)
  const { accessToken } = tokens
  const verified = isJwt(accessToken) ? [claims, await accessTokenClaims(application, accessToken)] : [claims]
  // Twice: with a token of another tenant, nothing more is called.
  provenTenantId(verified, expected)
  const userinfo = await application.oidc.userinfo(accessToken, subject)
  const tenantId = provenTenantId([...verified, userinfo], expected)
  if (tenantId === undefined) throw wristbandError('wristband/tenant_missing')
  return {
    provider: 'wristband',
    issuer: application.accountIssuer,
    subject,
    tenant: { id: tenantId, ...(expected !== undefined && { name: tenant }) },
    signedInAt: now,
    ...(authenticatedAt !== undefined && { authenticatedAt, evidence: 'auth_time' }),
    profile: await profileOf(userinfo),
  }
}

function credentialsOf({ accessToken, refreshToken, expiresAt }: OidcTokens): Credentials {
  const renewAt = expiresAt - renewalMarginSeconds
  return { accessToken, ...(refreshToken !== undefined && { refreshToken }), expiresAt, renewAt }
}

type Refusal = Extract<OidcLoginResult, { kind: 'refused' }>

function restartReason({ at, error }: Refusal): 'login_required' | 'invalid_grant' {
  if (at === 'authorization' && error === 'login_required') return error
  if (at === 'token' && error === 'invalid_grant') return error
  const code = at === 'authorization' && error === 'access_denied' ? 'access_denied' : 'authorization_refused'
  throw wristbandError(`wristband/${code}`, { cause: { at, error } })
}

/** Where a sign-in of which we know nothing may begin again: a hint, like the login route's own parameter. */
function tenantHint(callback: URL): TenantReference | null {
  const [name, ...others] = callback.searchParams.getAll('tenant_name')
  const parsed = others.length === 0 ? parseTenantName(name) : null
  return parsed === null ? null : { name: parsed }
}
