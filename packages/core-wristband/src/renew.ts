import { type Credentials, type Identity, isAuthError, type JsonObject, type Renewal } from '@latchkey/core/provider'
import type { Application } from './application.ts'
import { wristbandError } from './errors.ts'
import type { WristbandProfile } from './identity.ts'
import { type RefreshedLogin, refreshTokens } from './refresh.ts'
import { provenTenantId } from './tenant-proof.ts'
import { parseCustomDomain } from './tenant-reference.ts'
import { profileOf } from './userinfo.ts'

/** The tokens are there already: a slow description must not cost them. */
const userinfoDeadlineSeconds = 2

/**
 * Renews the tokens of an identity, and with them the profile, so that a role that was taken away does not outlive them.
 * Ended is what Wristband ended, and what comes back as another person's or tenant's.
 */
export async function renew(application: Application, credentials: Credentials, identity: Identity): Promise<Renewal> {
  try {
    const refreshed = await refreshTokens(application, credentials, identity)
    const userinfo = await userinfoOf(application, refreshed, identity)
    const sources = userinfo === null ? refreshed.sources : [...refreshed.sources, userinfo]
    if (provenTenantId(sources, identity.tenant?.id) === undefined) throw wristbandError('wristband/tenant_missing')
    const profile = userinfo === null ? null : await newProfile(userinfo, identity.profile)
    return { kind: 'renewed', credentials: refreshed.credentials, ...(profile !== null && { profile }) }
  } catch (error) {
    return renewalAfter(error)
  }
}

/** Null where userinfo fails, but not where it describes somebody else. */
async function userinfoOf(
  { oidc }: Application,
  { credentials }: RefreshedLogin,
  { subject }: Identity,
): Promise<JsonObject | null> {
  try {
    return await oidc.userinfo(credentials.accessToken, subject, { deadlineSeconds: userinfoDeadlineSeconds })
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
function renewalAfter(error: unknown): Renewal {
  if (!isAuthError(error)) throw error
  const { code, status, cause } = error
  const ending = endings[code] ?? (status === 401 ? code.slice(code.indexOf('/') + 1) : undefined)
  if (ending !== undefined) return { kind: 'ended', reason: ending }
  const wait = (cause as JsonObject | undefined)?.['retryAfterSeconds']
  return { kind: 'failed', code, ...(typeof wait === 'number' && { retryAfterSeconds: wait }) }
}
