import { randomUUID } from 'node:crypto'
import { clients, type User } from '../seed.ts'
import { accessTokenHash } from '../server/signing-keys.ts'
import type { CodeGrant, WinkState } from './state.ts'

const accessLifetimeSeconds = 300
const refreshLifetimeSeconds = 1800

/** A token endpoint's success in Keycloak's shape. */
export async function issueTokens(state: WinkState, grant: CodeGrant): Promise<Record<string, unknown>> {
  const now = state.clock.now()
  const { session, nonce } = grant
  const { authTime, nonceInAccessToken } = state.switches
  const header = { alg: 'RS256', typ: 'JWT', kid: state.keys.kid }
  const shared = {
    exp: now + accessLifetimeSeconds,
    iat: now,
    iss: state.issuer,
    sub: session.user.winkToken,
    azp: clients.wink.clientId,
    session_state: session.sid,
    sid: session.sid,
    acr: '0',
    ...tokenisedProfile(session.user),
  }
  const accessToken = await state.signer.accessToken({
    header,
    claims: {
      ...shared,
      ...(authTime === 'real' && { auth_time: session.authenticatedAt }),
      ...(nonceInAccessToken && nonce !== null && { nonce }),
      jti: randomUUID(),
      aud: 'account',
      typ: 'Bearer',
      'allowed-origins': ['*'],
      realm_access: { roles: ['offline_access', 'default-roles-wink', 'uma_authorization'] },
      resource_access: { account: { roles: ['manage-account', 'manage-account-links', 'view-profile'] } },
      scope: grantedScope,
    },
  })
  const idToken = await state.signer.idToken({
    header,
    claims: {
      ...shared,
      ...(nonce !== null && { nonce }),
      ...(authTime !== 'absent' && { auth_time: authTime === 'real' ? session.authenticatedAt : 0 }),
      jti: randomUUID(),
      aud: [clients.wink.clientId, 'account'],
      typ: 'ID',
      at_hash: accessTokenHash(accessToken ?? ''),
      oid: `1${session.user.winkToken.slice(1)}`,
    },
  })
  return {
    access_token: accessToken,
    expires_in: accessLifetimeSeconds,
    refresh_expires_in: refreshLifetimeSeconds,
    refresh_token: await issueRefreshToken(state, grant),
    token_type: 'Bearer',
    id_token: idToken,
    'not-before-policy': 0,
    session_state: session.sid,
    scope: grantedScope,
  }
}

/** What tokens and userinfo say of a user: stand-ins, never the clear values. */
export const tokenisedProfile = (user: User): Record<string, unknown> => ({
  email_verified: true,
  preferred_username: user.winkTag,
  given_name: `tok_sandbox_given_${user.winkToken.slice(-6)}`,
  family_name: `tok_sandbox_family_${user.winkToken.slice(-6)}`,
  email: `tok_sandbox_email_${user.winkToken.slice(-6)}`,
  phone_number: `tok_sandbox_phone_${user.winkToken.slice(-6)}`,
})

// Profile and e-mail are default scopes of Wink's clients, whatever was asked for.
const grantedScope = 'openid profile email'

async function issueRefreshToken(state: WinkState, grant: CodeGrant): Promise<string> {
  const jti = randomUUID()
  state.refreshGrants.set(jti, grant, refreshLifetimeSeconds)
  const claims = { jti, iss: state.issuer, aud: state.issuer, sub: grant.session.user.winkToken, typ: 'Refresh' }
  return state.refreshTokenFormat.sign(
    { ...claims, azp: clients.wink.clientId, sid: grant.session.sid },
    refreshLifetimeSeconds,
  )
}
