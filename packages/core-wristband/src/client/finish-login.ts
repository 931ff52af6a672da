import { equalInConstantTime, readUnverifiedClaims } from '@latchkey/core/crypto'
import type { JsonObject, Seconds, Tokens } from '@latchkey/core/provider'
import { exchangeCode, type OidcLoginResult, type OidcTokens, requestUserinfo, storedTokens } from '@latchkey/oidc'
import { authenticationTime } from '@latchkey/oidc/verify'
import type { Application } from '../application/application.ts'
import { wristbandError } from '../model/errors.ts'
import {
  transactionLifetimeSeconds,
  type WristbandIdentity,
  type WristbandTokens,
  type WristbandTransaction,
} from '../model/identity.ts'
import { expectedTenantId, provenTenantId } from '../tenant/proof.ts'
import {
  type KnownTenant,
  parseCustomDomain,
  parseTenantName,
  type TenantReference,
  tenantName,
  tenantReference,
  toCustomDomain,
} from '../tenant/reference.ts'
import { accessTokenClaims, subjectOf } from './access-token.ts'
import { profileOf } from './userinfo.ts'

/** How a sign-in ends: with a user, or by beginning again at the same tenant. */
export type LoginResult =
  | {
      readonly kind: 'completed'
      readonly identity: WristbandIdentity
      readonly tokens: Tokens
      readonly returnTo: string | null
      /** What `startLogin` was given. */
      readonly customState: JsonObject | null
    }
  | {
      readonly kind: 'restart'
      readonly reason: 'missing_login_state' | 'invalid_login_state' | 'login_required' | 'invalid_grant'
      readonly tenant: TenantReference | null
    }

/** Ends a sign-in at our callback. See {@link WristbandClient.finishLogin}. */
export async function finishLogin(
  application: Application,
  callback: URL,
  transaction: WristbandTransaction | null,
): Promise<LoginResult> {
  if (transaction === null) return { kind: 'restart', reason: 'missing_login_state', tenant: tenantHint(callback) }
  if (application.clock() - transaction.issuedAt > transactionLifetimeSeconds) {
    throw wristbandError('wristband/login_expired')
  }
  const sealed = sealedTenant(transaction)
  if (isOfAnotherLogin(callback, transaction)) {
    return { kind: 'restart', reason: 'invalid_login_state', tenant: tenantReference(sealed) }
  }
  const tenant = confirmedTenant(sealed, callback)
  const isUnknown = tenant.name === null && tenant.customDomain === null
  // With a record of tenants, a login that names none could prove any of them.
  if (isUnknown && application.resolveTenantId !== undefined && callback.searchParams.has('code')) {
    throw wristbandError('wristband/tenant_required')
  }

  const { oidc } = await application.connection()
  const result = await exchangeCode(oidc, callback, transaction)
  if (result.kind === 'refused') {
    return { kind: 'restart', reason: restartReason(result), tenant: tenantReference(sealed) }
  }
  const { tokens, claims } = result
  return {
    kind: 'completed',
    identity: await identify(application, { tenant, transaction, tokens, claims }),
    tokens: {
      ...storedTokens(tokens, { now: application.clock(), nonce: transaction.nonce }),
      ...(tenant.name !== null && { tenantName: tenant.name }),
    } satisfies WristbandTokens,
    returnTo: transaction.returnTo,
    customState: transaction.customState,
  }
}

/** A state that is there, and is not this login's. One that is missing or doubled is a callback that was made up. */
function isOfAnotherLogin(callback: URL, { state }: WristbandTransaction): boolean {
  const [given = '', ...others] = callback.searchParams.getAll('state')
  return given !== '' && others.length === 0 && !equalInConstantTime(given, state)
}

function sealedTenant({ tenant, customDomain }: WristbandTransaction): KnownTenant {
  return {
    name: tenant === null ? null : tenantName(tenant),
    customDomain: customDomain === null ? null : toCustomDomain(customDomain),
  }
}

/**
 * Where the login ended: what it began with, and a name that it found. What the callback says of a tenant must be what
 * was sealed; only a login that began without a tenant learns one, and no domain.
 */
function confirmedTenant(sealed: KnownTenant, callback: URL): KnownTenant {
  const names = callback.searchParams.getAll('tenant_name').map(parseTenantName)
  const beganAnywhere = sealed.name === null && sealed.customDomain === null
  const domains = beganAnywhere ? [] : callback.searchParams.getAll('tenant_custom_domain')
  const name = sealed.name ?? names[0] ?? null
  if (names.some((one) => one === null || one !== name) || domains.some((domain) => domain !== sealed.customDomain)) {
    throw wristbandError('wristband/tenant_mismatch')
  }
  return { ...sealed, name }
}

interface VerifiedLogin {
  readonly tenant: KnownTenant
  readonly transaction: WristbandTransaction
  readonly tokens: OidcTokens
  /** Of the verified ID token. */
  readonly claims: JsonObject
}

async function identify(application: Application, login: VerifiedLogin): Promise<WristbandIdentity> {
  const { tenant, transaction, tokens, claims } = login
  const now = application.clock()
  const subject = subjectOf(claims)
  const { oidc } = await application.connection()
  const { clockToleranceSeconds } = oidc
  const authenticatedAt = authenticationTime([claims], { now, clockToleranceSeconds })
  requireFreshness(authenticatedAt, transaction, clockToleranceSeconds)
  const expected = await expectedTenantId(tenant, application.resolveTenantId)
  const { accessToken } = tokens
  const isJwt = readUnverifiedClaims(accessToken) !== null
  const verified = isJwt ? [claims, await accessTokenClaims(application, accessToken, 'trusted')] : [claims]
  // Twice: with a token of another tenant, nothing more is called.
  provenTenantId(verified, expected)
  const userinfo = await requestUserinfo(oidc, { accessToken, subject })
  const tenantId = provenTenantId([...verified, userinfo], expected)
  if (tenantId === undefined) throw wristbandError('wristband/tenant_missing')
  return {
    provider: 'wristband',
    issuer: application.accountIssuer,
    subject,
    tenant: { id: tenantId, ...(expected !== undefined && tenant.name !== null && { name: tenant.name }) },
    signedInAt: now,
    ...(authenticatedAt !== undefined && { authenticatedAt, authTimeSource: 'auth_time' }),
    profile: await profileOf(application, { signed: claims, userinfo }, tenant.customDomain),
  }
}

type Refusal = Extract<OidcLoginResult, { kind: 'refused' }>

function restartReason({ at, error }: Refusal): 'login_required' | 'invalid_grant' {
  if (at === 'authorization' && error === 'login_required') return error
  if (at === 'token' && error === 'invalid_grant') return error
  const code = at === 'authorization' && error === 'access_denied' ? 'access_denied' : 'authorization_refused'
  throw wristbandError(`wristband/${code}`, { cause: { at, error } })
}

/** Where an unknown sign-in may begin again: a hint, like the login route's own parameters. */
function tenantHint(callback: URL): TenantReference | null {
  const only = (parameter: string): string | null => {
    const [value = null, ...others] = callback.searchParams.getAll(parameter)
    return others.length === 0 ? value : null
  }
  return tenantReference({
    name: parseTenantName(only('tenant_name')),
    customDomain: parseCustomDomain(only('tenant_custom_domain')),
  })
}

/**
 * Requires an authentication to be as fresh as the sign-in asked.
 *
 * @throws `wristband/authentication_too_old`
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
export function requireFreshness(
  authenticatedAt: Seconds | undefined,
  { issuedAt, maxAuthAgeSeconds }: Pick<WristbandTransaction, 'issuedAt' | 'maxAuthAgeSeconds'>,
  clockToleranceSeconds: Seconds,
): void {
  if (maxAuthAgeSeconds === null) return
  // Measured from the request: that is when Wristband had to decide, and typing a password takes its time.
  const oldest = issuedAt - maxAuthAgeSeconds - clockToleranceSeconds
  if (authenticatedAt === undefined || authenticatedAt < oldest) {
    throw wristbandError('wristband/authentication_too_old')
  }
}
