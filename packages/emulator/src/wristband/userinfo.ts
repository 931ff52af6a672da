import { clients, fullName, tenants, type User, users } from '../seed.ts'
import { oauthJson, readBearer } from '../server/oauth.ts'
import type { Handler } from '../server/router.ts'
import type { WristbandState } from './state.ts'
import { isIssuer } from './tenant-host.ts'

/** GET /api/v1/oauth2/userinfo: claims by scope. */
export const userinfo =
  (state: WristbandState): Handler =>
  async (request, { note }) => {
    const verified = await state.keys.verify(readBearer(request) ?? '')
    const claims = verified?.header.typ === 'at+JWT' ? verified.claims : {}
    const user = Object.values(users).find(({ subject }) => subject === claims.sub)
    if (!user || !isIssuer(state, claims.iss) || Number(claims.exp) <= state.clock.now()) {
      note('invalid_token')
      return oauthJson(
        { error: 'invalid_token', error_description: 'The access token is not valid.' },
        { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } },
      )
    }
    const { userinfo: customClaims } = state.application.customClaims
    const answer = {
      ...describe(user, String(claims.scope).split(' ')),
      idp_name: claims.idp_name,
      ...(customClaims && { custom_claims: customClaims }),
    }
    const change = state.plannedUserinfo.take()
    return oauthJson(change ? change(answer) : answer)
  }

function describe(user: User, scopes: readonly string[]): Record<string, unknown> {
  const { role } = user
  const byScope: Record<string, Record<string, unknown>> = {
    profile: {
      name: fullName(user),
      given_name: user.givenName,
      family_name: user.familyName,
      nickname: user.name,
      preferred_username: user.givenName,
      picture: `https://${user.tenant}.example/users/${user.name}.png`,
      birthdate: String(user.birthYear),
      zoneinfo: 'America/New_York',
      locale: 'en-US',
      updated_at: 1_760_000_000,
    },
    email: { email: user.email, email_verified: true },
    phone: { phone_number: user.phoneNumber, phone_number_verified: true },
    roles: { roles: [{ id: `rol_${role}`, name: role, display_name: role === 'teacher' ? 'Teacher' : 'Student' }] },
  }
  const claims: Record<string, unknown> = {
    sub: user.subject,
    tnt_id: tenants[user.tenant].id,
    app_id: clients.wristband.applicationId,
  }
  for (const scope of scopes) Object.assign(claims, byScope[scope])
  return claims
}
