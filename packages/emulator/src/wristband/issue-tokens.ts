import { randomUUID } from 'node:crypto'
import { clients } from '../seed.ts'
import { accessTokenHash } from '../server/signing-keys.ts'
import type { Family, WristbandState } from './state.ts'
import { applicationUrl } from './tenant-host.ts'

const accessLifetimeSeconds = 1800
const refreshLifetimeSeconds = 30 * 86_400

/** A token endpoint's success. @see protocols: RFC 6749 section 5.1 */
export type TokenAnswer = Readonly<Record<string, string | number | undefined>>

/** Tokens about a user: an access token, always an ID token, and the refresh token that is given. */
export async function issueTokens(
  state: WristbandState,
  family: Family,
  { nonce, refreshToken }: { readonly nonce: string | null; readonly refreshToken: string | undefined },
): Promise<TokenAnswer> {
  const now = state.clock.now()
  const { user, tenant, scope, authenticatedAt, identityProvider } = family
  const { customClaims } = state.application
  const shared = {
    iss: applicationUrl(state),
    sub: user.subject,
    iat: now,
    auth_time: authenticatedAt,
    amr: ['pwd'],
    idp_name: identityProvider,
  }
  const accessToken = await state.signer.accessToken({
    header: header(state, 'at+JWT'),
    claims: {
      ...shared,
      ...applicationClaims(state),
      tnt_id: tenant.id,
      scope,
      sub_kind: 'user',
      exp: now + accessLifetimeSeconds,
      jti: randomUUID(),
      ...(customClaims.access && { custom_claims: customClaims.access }),
    },
  })
  const idToken = await state.signer.idToken({
    header: header(state, 'id+JWT'),
    claims: {
      ...shared,
      aud: clients.wristband.clientId,
      ...(nonce !== null && { nonce }),
      at_hash: accessTokenHash(accessToken ?? ''),
      exp: now + accessLifetimeSeconds,
      jti: randomUUID(),
      ...(customClaims.id && { custom_claims: customClaims.id }),
    },
  })
  return {
    access_token: accessToken,
    id_token: idToken,
    refresh_token: refreshToken,
    expires_in: accessLifetimeSeconds,
    token_type: 'bearer',
    scope,
  }
}

/** A machine's access token: its subject is the client, and it belongs to no tenant. */
export async function issueMachineToken(state: WristbandState): Promise<TokenAnswer> {
  const now = state.clock.now()
  const accessToken = await state.signer.accessToken({
    header: header(state, 'at+JWT'),
    claims: {
      iss: applicationUrl(state),
      sub: clients.wristband.clientId,
      ...applicationClaims(state),
      sub_kind: 'client',
      iat: now,
      exp: now + accessLifetimeSeconds,
      jti: randomUUID(),
    },
  })
  return { access_token: accessToken, expires_in: accessLifetimeSeconds, token_type: 'bearer' }
}

/** A new refresh token of a family. */
export async function issueRefreshToken(state: WristbandState, family: Family): Promise<string> {
  const jti = randomUUID()
  state.refreshTokens.set(jti, { family, replacedAt: null }, refreshLifetimeSeconds)
  return state.refreshTokenFormat.sign(
    { iss: applicationUrl(state), sub: family.user.subject, client_id: clients.wristband.clientId, jti },
    refreshLifetimeSeconds,
  )
}

const header = (state: WristbandState, typ: string): Record<string, unknown> => ({
  kid: state.keys.kid,
  typ,
  alg: 'RS256',
})

const applicationClaims = (state: WristbandState): Record<string, unknown> => ({
  van_dom: new URL(applicationUrl(state)).host,
  client_id: clients.wristband.clientId,
  app_id: clients.wristband.applicationId,
})
